//! What goes wrong in one run, and where it did so far.

use crate::schedule::{Fault, Schedule, Site};
use service::model::UnixMs;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;

type Effect = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What goes wrong in one run, and what came of it so far.
#[derive(Default)]
pub(crate) struct FaultPlan {
    faults: Vec<(Site, Fault)>,
    calls: Mutex<BTreeMap<&'static str, u32>>,
    /// Every call in its order; whether a worker made it.
    pub(crate) trace: Mutex<Vec<(&'static str, u32, bool)>>,
    pub(crate) struck: Mutex<u32>,
    pub(crate) late: Mutex<Vec<(UnixMs, Effect)>>,
}

impl FaultPlan {
    pub(crate) fn of(schedule: &Schedule) -> Self {
        Self {
            faults: schedule.faults.clone(),
            ..Self::default()
        }
    }

    /// The fault at the next call of this name, if one is planned there.
    pub(crate) fn next(&self, call: &'static str, by_worker: bool) -> Option<Fault> {
        let number = {
            let mut calls = self.calls.lock().unwrap();
            let number = calls.entry(call).or_default();
            *number += 1;
            *number
        };
        self.trace.lock().unwrap().push((call, number, by_worker));
        let hit = self.faults.iter().find(|(site, _)| site.is(call, number));
        if hit.is_some() {
            *self.struck.lock().unwrap() += 1;
        }
        hit.map(|(_, fault)| *fault)
    }
}
