//! Something that happens once, for everybody who waits for it.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Poll, Waker};

/// What comes of something. A clone is the same one.
#[derive(Clone)]
pub(super) struct Outcome<T>(Rc<RefCell<State<T>>>);

struct State<T> {
    value: Option<T>,
    wakers: Vec<Waker>,
}

impl<T: Clone> Outcome<T> {
    pub(super) fn new() -> Self {
        let state = State {
            value: None,
            wakers: Vec::new(),
        };
        Self(Rc::new(RefCell::new(state)))
    }

    /// The first value counts.
    pub(super) fn set(&self, value: T) {
        let mut state = self.0.borrow_mut();
        if state.value.is_none() {
            state.value = Some(value);
            let wakers = core::mem::take(&mut state.wakers);
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    /// Whether the other one is a clone of this one.
    #[cfg(feature = "sign-in")]
    pub(super) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn get(&self) -> Option<T> {
        self.0.borrow().value.clone()
    }

    /// It takes nothing with it if it is dropped.
    pub(super) fn wait(&self) -> impl Future<Output = T> + use<T> {
        let own = Self(Rc::clone(&self.0));
        poll_fn(move |context| {
            let mut state = own.0.borrow_mut();
            if let Some(value) = &state.value {
                return Poll::Ready(value.clone());
            }
            if !state.wakers.iter().any(|it| it.will_wake(context.waker())) {
                state.wakers.push(context.waker().clone());
            }
            Poll::Pending
        })
    }
}

/// Which of two things came first.
pub(super) enum First<A, B> {
    One(A),
    Other(B),
}

/// Waits for the first of two things, and drops the other one.
pub(super) async fn first<A, B>(
    one: impl Future<Output = A>,
    other: impl Future<Output = B>,
) -> First<A, B> {
    let mut one = pin!(one);
    let mut other = pin!(other);
    poll_fn(|context| {
        if let Poll::Ready(value) = one.as_mut().poll(context) {
            return Poll::Ready(First::One(value));
        }
        other.as_mut().poll(context).map(First::Other)
    })
    .await
}
