/** In localStorage, for the router: this device has a door open, so its page must come up without a network. */
const key = "rushline.gate";

export const hasOpenDoor = (): boolean => localStorage.getItem(key) !== null;

export function setOpenDoor(isOpen: boolean): void {
  if (isOpen) localStorage.setItem(key, "1");
  else localStorage.removeItem(key);
}
