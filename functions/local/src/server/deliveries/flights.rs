//! The deliveries on their way, and who may have how many.

use embedded::{Receiver, Standing};
use std::collections::HashMap;
use tokio::task::{Id, JoinSet};
use tracing::error;

/// Each holds a thread and a connection for up to 5 seconds.
const AT_ONCE: usize = 32;
/// To all receivers that nobody knows yet.
const TO_NEW: usize = 16;
/// To all that were slow or silent. With the new ones they leave a quarter to those that answer.
const TO_SLOW: usize = 8;
/// To one receiver that answers at once; to one of the others it is 1.
const TO_ONE: usize = 4;

/// One delivery on its way.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) delivery_id: i64,
    pub(super) receiver: Receiver,
}

/// All deliveries on their way.
#[derive(Debug, Default)]
pub(super) struct Flights {
    tasks: JoinSet<()>,
    flights: HashMap<Id, Flight>,
}

impl Flights {
    pub(super) fn len(&self) -> usize {
        self.flights.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }

    /// How many more may go to receivers of this standing.
    pub(super) fn room(&self, standing: Standing) -> usize {
        let share = match standing {
            Standing::Quick => AT_ONCE,
            Standing::New => TO_NEW,
            Standing::Slow => TO_SLOW,
        };
        let same = |flight: &&Flight| flight.receiver.standing == standing;
        let taken = self.flights.values().filter(same).count();
        share
            .saturating_sub(taken)
            .min(AT_ONCE.saturating_sub(self.len()))
    }

    /// How many more may go to this one.
    pub(super) fn room_for(&self, receiver: &Receiver) -> usize {
        let bound = match receiver.standing {
            Standing::Quick => TO_ONE,
            Standing::New | Standing::Slow => 1,
        };
        bound
            .saturating_sub(self.to(&receiver.origin))
            .min(self.room(receiver.standing))
    }

    /// How many are on their way to this receiver.
    pub(super) fn to(&self, origin: &str) -> usize {
        let same = |flight: &&Flight| flight.receiver.origin == origin;
        self.flights.values().filter(same).count()
    }

    pub(super) fn holds(&self, delivery_id: i64) -> bool {
        self.flights
            .values()
            .any(|flight| flight.delivery_id == delivery_id)
    }

    pub(super) fn begin(
        &mut self,
        flight: Flight,
        attempt: impl Future<Output = ()> + Send + 'static,
    ) {
        let id = self.tasks.spawn(attempt).id();
        self.flights.insert(id, flight);
    }

    /// Returns when one has come to its end; never while there is none.
    pub(super) async fn landed(&mut self) {
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(cause)) => {
                error!(%cause, "a delivery failed; it will be made again");
                cause.id()
            }
            None => return std::future::pending().await,
        };
        self.flights.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::{Flight, Flights};
    use embedded::{Receiver, Standing};

    fn receiver(number: usize, standing: Standing) -> Receiver {
        Receiver {
            origin: format!("http://{number}"),
            standing,
        }
    }

    /// Begins as many as there is room for, to at most so many receivers.
    fn fill(flights: &mut Flights, receivers: usize, standing: Standing) -> usize {
        let before = flights.len();
        for number in 0..receivers {
            let receiver = receiver(number + 1000 * standing as usize, standing);
            while flights.room_for(&receiver) > 0 {
                let flight = Flight {
                    delivery_id: 0,
                    receiver: receiver.clone(),
                };
                flights.begin(flight, std::future::pending());
            }
        }
        flights.len() - before
    }

    #[tokio::test]
    async fn thousands_of_dead_and_unknown_receivers_leave_room_for_those_that_answer() {
        let mut flights = Flights::default();
        assert_eq!(fill(&mut flights, 2000, Standing::New), 16);
        assert_eq!(fill(&mut flights, 2000, Standing::Slow), 8);
        assert_eq!(fill(&mut flights, 1, Standing::Quick), 4);
        assert_eq!(fill(&mut flights, 9, Standing::Quick), 4);
        assert_eq!(flights.room(Standing::Quick), 0);
    }

    #[tokio::test]
    async fn one_receiver_has_few_at_once() {
        let mut flights = Flights::default();
        for (standing, bound) in [
            (Standing::New, 1),
            (Standing::Slow, 1),
            (Standing::Quick, 4),
        ] {
            assert_eq!(fill(&mut flights, 1, standing), bound);
        }
        let turned = receiver(1000 * Standing::Quick as usize, Standing::Slow);
        assert_eq!(
            flights.room_for(&turned),
            0,
            "not even one more once it is slow"
        );
    }

    #[tokio::test]
    async fn a_delivery_that_panics_leaves_its_place() {
        let mut flights = Flights::default();
        let flight = Flight {
            delivery_id: 7,
            receiver: receiver(0, Standing::New),
        };
        flights.begin(flight, async { panic!("broken") });
        assert!(flights.holds(7));
        flights.landed().await;
        assert!(flights.is_empty() && !flights.holds(7));
    }
}
