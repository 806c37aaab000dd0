//! Work on every core.

use std::num::NonZero;
use std::sync::Mutex;
use std::thread;

/// How many threads are worth starting.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What becomes of every item, in the items' order; each is worked on as soon as a thread is free.
pub fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    map_on(threads(), items, work)
}

/// The same on so many threads: for work that waits for the disk and not for the processor.
pub fn map_on<T: Send, R: Send>(threads: usize, items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = threads.min(items.len());
    if threads <= 1 {
        return items.into_iter().map(work).collect();
    }
    let queue = Mutex::new(items.into_iter().enumerate());
    let take = || {
        let mut done = Vec::new();
        loop {
            // The lock is held for as long as it takes to take an item; no work is done under it that could panic.
            let item = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
            match item {
                Some((index, item)) => done.push((index, work(item))),
                None => return done,
            }
        }
    };
    let mut done = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        let mut done = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_keep_the_order_of_the_items() {
        let squares = super::map((0..1000_u64).collect(), |number| number * number);
        assert!(squares.iter().enumerate().all(|(index, square)| *square == (index * index) as u64));
        assert!(super::map(Vec::<u8>::new(), |number| number).is_empty());
    }
}
