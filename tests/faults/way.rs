//! The way of every call from a process to a port, on which things go wrong.

use crate::process::{Death, Life};
use crate::schedule::{Fault, Schedule, Site};
use crate::watch::Watch;
use crate::world::VirtualClock;
use service::model::{Message, UnixMs};
use service::ports::{PortError, Ports, SourceError};
use service::worker::Until;
use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How late a late effect is: longer than whoever waits for an answer waits.
pub(crate) const LATE_MS: i64 = 30_000;

type Effect = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What goes wrong in one walk, and what came of it so far.
#[derive(Default)]
pub(crate) struct Weather {
    faults: Vec<(Site, Fault)>,
    calls: Mutex<BTreeMap<&'static str, u32>>,
    /// Every call in its order; whether a worker made it.
    pub(crate) trace: Mutex<Vec<(&'static str, u32, bool)>>,
    pub(crate) struck: Mutex<u32>,
    pub(crate) late: Mutex<Vec<(UnixMs, Effect)>>,
}

impl Weather {
    pub(crate) fn of(schedule: &Schedule) -> Self {
        Self {
            faults: schedule.faults.clone(),
            ..Self::default()
        }
    }

    fn next(&self, call: &'static str, by_worker: bool) -> Option<Fault> {
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

/// The error of a port that did not answer.
pub(crate) trait Down {
    fn down(call: &'static str) -> Self;
}

impl Down for PortError {
    fn down(call: &'static str) -> Self {
        Self::unavailable(call, "no answer in time")
    }
}

impl Down for SourceError {
    fn down(call: &'static str) -> Self {
        Self::Unavailable(format!("{call}: no answer in time"))
    }
}

/// One process's way to the ports.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) weather: Arc<Weather>,
    pub(crate) life: Arc<Life>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) watch: Arc<Watch>,
    /// The ports without faults.
    pub(crate) ports: Ports,
    /// The message a worker has in hand.
    pub(crate) message: Option<Message>,
    /// Ended by the first object that is stored, where each run is to hand on.
    pub(crate) until: Option<Until>,
}

impl Way {
    pub(crate) async fn call<T, E>(
        &self,
        name: &'static str,
        effect: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send,
        E: Down + Send,
    {
        if self.life.is_over() {
            // The dead call nobody.
            return pending().await;
        }
        let fault = self.weather.next(name, self.message.is_some());
        let result = self.strike(name, fault, effect).await;
        self.watch.look(&self.ports).await;
        result
    }

    async fn strike<T, E>(
        &self,
        name: &'static str,
        fault: Option<Fault>,
        effect: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send,
        E: Down + Send,
    {
        match fault {
            None => effect.await,
            Some(Fault::MachineBefore) => self.life.end(Death::Machine).await,
            Some(Fault::ProcessBefore) => self.life.end(Death::Process).await,
            Some(Fault::MachineAfter) => {
                let _ = effect.await;
                self.life.end(Death::Machine).await
            }
            Some(Fault::ProcessAfter) => {
                let _ = effect.await;
                self.life.end(Death::Process).await
            }
            Some(Fault::Error) => Err(E::down(name)),
            Some(Fault::Unanswered) => {
                let _ = effect.await;
                Err(E::down(name))
            }
            Some(Fault::Late) => {
                let effect = Box::pin(async move { drop(effect.await) });
                let due_ms = self.clock.now() + LATE_MS;
                self.weather.late.lock().unwrap().push((due_ms, effect));
                Err(E::down(name))
            }
            Some(Fault::StuckBefore) => {
                self.life.stand_still().await;
                effect.await
            }
            Some(Fault::StuckAfter) => {
                let result = effect.await;
                self.life.stand_still().await;
                result
            }
            Some(Fault::Duplicate) => {
                let message = self.message.as_ref().expect("a worker's call");
                self.ports.queue.send(message).await.unwrap();
                effect.await
            }
            Some(Fault::Forward) => {
                self.clock.advance(DAY_MS);
                self.life.stand_still().await;
                effect.await
            }
            Some(Fault::Back) => {
                self.clock.advance(-DAY_MS);
                effect.await
            }
        }
    }
}
