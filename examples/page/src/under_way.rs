//! Calls that can be given up: whoever drops a call's future waits for it no more.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

type Work = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static UNDER_WAY: RefCell<Vec<UnderWay>> = const { RefCell::new(Vec::new()) };
}

/// A call, until it has ended or is given up.
#[derive(Clone)]
pub struct UnderWay(Rc<RefCell<Option<Work>>>);

impl UnderWay {
    pub fn new(work: impl Future<Output = ()> + 'static) -> Self {
        let work = Self(Rc::new(RefCell::new(Some(Box::pin(work)))));
        UNDER_WAY.with_borrow_mut(|all| all.push(work.clone()));
        work
    }
}

impl Future for UnderWay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.0.borrow_mut().as_mut() {
            Some(work) => work.as_mut().poll(context),
            None => Poll::Ready(()),
        }
    }
}

/// Drops all calls that are under way.
pub fn give_up() {
    for work in UNDER_WAY.take() {
        drop(work.0.take());
    }
}
