//! The WASM entry: wakes the islands of the page.

use app as _; // without it the islands' exports are dropped

/// Called by the page's loader once the module is instantiated.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
