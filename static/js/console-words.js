// Words, times and what is kept on the device.

export const clock = (seconds) => {
  const whole = Math.floor(seconds + 0.5);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

export const timeOf = (moment) =>
  new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

export function stored(key, store = localStorage) {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
}

export function remember(key, state, store = localStorage) {
  try {
    store.setItem(key, JSON.stringify(state));
  } catch {
    // no storage here: the server is then the only place
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}
