//! Prices from slow servers into one table.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use cli::Outcome;

const SHOPS: [&str; 4] = ["bread", "milk", "salt", "tea"];

/// Stands for a server that takes its time: the thread waits and needs no processor.
fn ask(shop: &str) -> u32 {
    thread::sleep(Duration::from_millis(100));
    shop.bytes().map(u32::from).sum()
}

pub(crate) fn all() -> Outcome<BTreeMap<&'static str, u32>> {
    let table = Mutex::new(BTreeMap::new());
    let asked = thread::scope(|scope| {
        let threads = SHOPS.map(|shop| {
            let table = &table;
            scope.spawn(move || {
                // First all that takes time, and then the lock, for as short as it gets.
                let price = ask(shop);
                let mut table = table.lock().map_err(|_| io::Error::other("poisoned"))?;
                table.insert(shop, price);
                Ok::<(), io::Error>(())
            })
        });
        threads.map(|thread| thread.join().map_err(|_| "a thread panicked"))
    });
    for done in asked {
        done??;
    }
    Ok(table.into_inner().map_err(|_| "poisoned")?)
}
