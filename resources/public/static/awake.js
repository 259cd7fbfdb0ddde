// Keeps the screen awake while the page is looked at.
async function awake() {
  if (document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // The battery is low, or the browser does not let us.
  }
}

export function stayAwake() {
  awake();
  document.addEventListener("visibilitychange", awake);
}
