// Sends visitors of a page to the waiting room until it is their turn, and back to the line when their time is up.
//
//   <script src="/line.js" data-room="rock-night"></script>
//
// It steers people; it keeps nobody out who does not want to be steered. What must not be reached without a turn has to
// be guarded where it is served (see the other examples), or check the token itself.
(() => {
  const room = document.currentScript.dataset.room;
  const line = `/queue/${room}`;
  const check = `/api/v1/admission/check?room=${encodeURIComponent(room)}`;
  const again_ms = 60_000;

  // The queue page hands the token over behind the address. The cookie has it too: keep it out of bookmarks.
  if (/[#&]admission=/.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);

  /** Asks whether this browser may be here; without an answer it may, because the line may only be out of reach. */
  async function look() {
    let status = 0;
    try {
      status = (await fetch(check, { cache: "no-store" })).status;
    } catch {
      return;
    }
    if (status === 401 || status === 403) location.replace(line);
  }

  void look();
  setInterval(() => document.hidden || look(), again_ms);
  document.addEventListener("visibilitychange", () => document.hidden || look());
})();
