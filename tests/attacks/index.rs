//! Small files that declare enormous tables.
