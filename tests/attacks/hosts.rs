//! Pages of other sites that call a server which asks for no key.
