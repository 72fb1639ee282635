//! Nothing is lost, whatever call fails, dies, stands still or comes twice.
//!
//! The use cases run over the real embedded ports, and every call from a process to a port goes a
//! way on which one thing goes wrong (see [`schedule::Fault`]). A run without faults lists the
//! calls; then each kind of fault happens at each of them, and seeded pairs of faults at two.
//! `FAULTS_WORK=divided` walks those of one kind of work alone, `FAULTS_ALL=1` also those of a divided job
//! that are left out for the time they take.
//! What fails is printed as a text; `FAULTS_SCHEDULE='sprite objects.put#2=error' cargo test -p
//! promises --test faults` runs it again.

mod divided;
mod explore;
mod fault_plan;
mod one_picture;
mod policy;
mod process;
mod process_ports;
mod promise;
mod replaced;
mod runner;
mod schedule;
mod simulation;
mod watch;
