//! A working folder and an environment that somebody else prepared for the installers.
