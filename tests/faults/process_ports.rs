//! The way of every call from a process to a port, on which things go wrong.

use crate::fault_plan::FaultPlan;
use crate::one_picture;
use crate::process::{Death, Life};
use crate::schedule::Fault;
use crate::simulation::VirtualClock;
use crate::watch::Watch;
use service::model::{Event, Message};
use service::ports::{Clock, Ports};
use service::worker::Deadline;
use source::{CountingSource, RangeSource};
use std::future::{Future, pending};
use std::sync::Arc;
use support::hooked_ports::{Down, PortHook, with_hook};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How late a late effect is: longer than whoever waits for an answer waits.
pub(crate) const LATE_MS: i64 = 30_000;

/// One process, and the ports as it calls them.
#[derive(Clone)]
pub(crate) struct ProcessPorts {
    pub(crate) plan: Arc<FaultPlan>,
    pub(crate) life: Arc<Life>,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) watch: Arc<Watch>,
    /// The ports without faults.
    pub(crate) ports: Ports,
    /// The message a worker has in hand.
    pub(crate) message: Option<Message>,
    /// Ended by a picture that is not the last one, where each run is to take one only.
    pub(crate) until: Option<Deadline>,
}

impl PortHook for ProcessPorts {
    async fn call<T, E>(
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
        let fault = self.plan.next(name, self.message.is_some());
        let result = self.strike(name, fault, effect).await;
        self.watch.look(&self.ports).await;
        result
    }

    /// Whoever dies in the call leaves no decoder that waits for ever.
    fn putting(&self, key: &str, _content_type: &'static str) {
        if let Some(until) = &self.until
            && one_picture::is_followed(key)
        {
            until.end();
        }
    }

    fn opened(&self, file: Arc<dyn RangeSource>) -> Arc<dyn RangeSource> {
        Arc::new(CountingSource::new(file, Arc::clone(&self.watch.read)))
    }

    fn publishing(&self, event: &Event) {
        self.watch.publishing(event);
    }
}

impl ProcessPorts {
    /// The ports of the process, with its faults and its clock.
    pub(crate) fn with_faults(&self) -> Ports {
        Ports {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            ..with_hook(&self.ports, self)
        }
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
                self.plan.late.lock().unwrap().push((due_ms, effect));
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
