//! The promises of the ports, as tests over any body of them.
