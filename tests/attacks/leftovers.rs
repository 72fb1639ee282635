//! What killed and failed attempts, deletions and time leave behind: nothing.
