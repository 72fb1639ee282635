//! The deliveries that run now, and how many each receiver may have.

use embedded::{Receiver, Standing};
use std::collections::HashMap;
use tokio::task::{Id, JoinSet};
use tracing::error;

/// All together. Each occupies a thread and a connection for up to 5 seconds.
const MAX_TOTAL: usize = 32;
/// To all receivers that were not called before.
const MAX_TO_NEW: usize = 16;
/// To all that were slow or silent. Together with the new ones they leave a quarter to the others.
const MAX_TO_SLOW: usize = 8;
/// To a single receiver that answers at once; to any other it is 1.
const MAX_TO_ONE: usize = 4;

/// One delivery that runs now.
#[derive(Debug)]
pub(super) struct InFlightDelivery {
    pub(super) delivery_id: i64,
    pub(super) receiver: Receiver,
}

/// All deliveries that run now.
#[derive(Debug, Default)]
pub(super) struct InFlightDeliveries {
    tasks: JoinSet<()>,
    deliveries: HashMap<Id, InFlightDelivery>,
}

impl InFlightDeliveries {
    pub(super) fn len(&self) -> usize {
        self.deliveries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.deliveries.is_empty()
    }

    /// How many more may start to receivers of this standing.
    pub(super) fn free_slots(&self, standing: Standing) -> usize {
        let share = match standing {
            Standing::Quick => MAX_TOTAL,
            Standing::New => MAX_TO_NEW,
            Standing::Slow => MAX_TO_SLOW,
        };
        let same = |delivery: &&InFlightDelivery| delivery.receiver.standing == standing;
        let taken = self.deliveries.values().filter(same).count();
        share
            .saturating_sub(taken)
            .min(MAX_TOTAL.saturating_sub(self.len()))
    }

    /// How many more may start to this receiver.
    pub(super) fn free_slots_for(&self, receiver: &Receiver) -> usize {
        let bound = match receiver.standing {
            Standing::Quick => MAX_TO_ONE,
            Standing::New | Standing::Slow => 1,
        };
        bound
            .saturating_sub(self.count_for(&receiver.origin))
            .min(self.free_slots(receiver.standing))
    }

    /// How many run to this receiver.
    pub(super) fn count_for(&self, origin: &str) -> usize {
        let same = |delivery: &&InFlightDelivery| delivery.receiver.origin == origin;
        self.deliveries.values().filter(same).count()
    }

    pub(super) fn contains(&self, delivery_id: i64) -> bool {
        self.deliveries
            .values()
            .any(|delivery| delivery.delivery_id == delivery_id)
    }

    pub(super) fn spawn(
        &mut self,
        delivery: InFlightDelivery,
        attempt: impl Future<Output = ()> + Send + 'static,
    ) {
        let id = self.tasks.spawn(attempt).id();
        self.deliveries.insert(id, delivery);
    }

    /// Returns when one has finished; never while none runs.
    pub(super) async fn next_finished(&mut self) {
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(cause)) => {
                error!(%cause, "a delivery panicked; retrying");
                cause.id()
            }
            None => return std::future::pending().await,
        };
        self.deliveries.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::{InFlightDeliveries, InFlightDelivery};
    use embedded::{Receiver, Standing};

    fn receiver(number: usize, standing: Standing) -> Receiver {
        Receiver {
            origin: format!("http://{number}"),
            standing,
        }
    }

    /// Starts as many as there are free slots for, to at most so many receivers.
    fn fill(in_flight: &mut InFlightDeliveries, receivers: usize, standing: Standing) -> usize {
        let before = in_flight.len();
        for number in 0..receivers {
            let receiver = receiver(number + 1000 * standing as usize, standing);
            while in_flight.free_slots_for(&receiver) > 0 {
                let delivery = InFlightDelivery {
                    delivery_id: 0,
                    receiver: receiver.clone(),
                };
                in_flight.spawn(delivery, std::future::pending());
            }
        }
        in_flight.len() - before
    }

    #[tokio::test]
    async fn thousands_of_dead_and_unknown_receivers_leave_slots_for_those_that_answer() {
        let mut in_flight = InFlightDeliveries::default();
        assert_eq!(fill(&mut in_flight, 2000, Standing::New), 16);
        assert_eq!(fill(&mut in_flight, 2000, Standing::Slow), 8);
        assert_eq!(fill(&mut in_flight, 1, Standing::Quick), 4);
        assert_eq!(fill(&mut in_flight, 9, Standing::Quick), 4);
        assert_eq!(in_flight.free_slots(Standing::Quick), 0);
    }

    #[tokio::test]
    async fn one_receiver_has_few_at_once() {
        let mut in_flight = InFlightDeliveries::default();
        for (standing, bound) in [
            (Standing::New, 1),
            (Standing::Slow, 1),
            (Standing::Quick, 4),
        ] {
            assert_eq!(fill(&mut in_flight, 1, standing), bound);
        }
        let slowed = receiver(1000 * Standing::Quick as usize, Standing::Slow);
        assert_eq!(
            in_flight.free_slots_for(&slowed),
            0,
            "not even one more once it is slow"
        );
    }

    #[tokio::test]
    async fn a_delivery_that_panics_frees_its_slot() {
        let mut in_flight = InFlightDeliveries::default();
        let delivery = InFlightDelivery {
            delivery_id: 7,
            receiver: receiver(0, Standing::New),
        };
        in_flight.spawn(delivery, async { panic!("broken") });
        assert!(in_flight.contains(7));
        in_flight.next_finished().await;
        assert!(in_flight.is_empty() && !in_flight.contains(7));
    }
}
