import { useSyncExternalStore } from "react";
import { Icon } from "../ui/Icon";
import { say } from "./words";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that what stands below may be old, for as long as the browser has no network. */
export function OfflineBar() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!isOnline && (
        <p className="flex items-center justify-center gap-2 bg-warn-wash px-4 py-2 text-sm font-semibold text-warn">
          <Icon name="offline" /> {say("offline")}
        </p>
      )}
    </div>
  );
}
