// What goes over the line while a file is uploaded: questions to the site, parts to the site or to its film store, and
// what the answers mean.

const STALLED = 60000; // ms without a byte going out
const UNANSWERED = 180000; // ms without an answer once all of a part is out
const MOST_REFUSED = 5; // times that a fresh address is asked for after a refusal without a reason that we know

// A refusal with a sentence for the reader. `again`: worth trying without being asked, at most `most` times.
export class Refusal extends Error {
  constructor(code, text, { again = false, most = Infinity, missing = [], store = false } = {}) {
    super(text);
    Object.assign(this, { code, again, most, missing, store });
  }
}

export class Paused extends Error {}

// The cookie's token is the present one, even after logging in again in another tab.
export const tokenNow = (fallback) => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? fallback;

export const sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const wake = () => { clearTimeout(timer); resolve(); };
    window.addEventListener("online", wake, { once: true });
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(new Paused()); }, { once: true });
  });

export class Line {
  constructor(words, token) {
    Object.assign(this, { words, token });
  }

  // One question to the site; `body` null asks without saying anything.
  async ask(url, body, signal) {
    const headers = { "Accept": "application/json" };
    if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": tokenNow(this.token) });
    let response;
    try {
      response = await fetch(url, { method: body ? "POST" : "GET", signal, headers, body: body && JSON.stringify(body) });
    } catch {
      if (signal.aborted) throw new Paused();
      throw this.broken();
    }
    const text = await response.text();
    if (!response.ok) throw this.refusal(response.status, text);
    return JSON.parse(text);
  }

  // One part to its address. Another server than the site gets the bytes alone: no cookie, no token.
  put(url, slice, signal, heard) {
    return new Promise((resolve, reject) => {
      if (signal.aborted) throw new Paused();
      const store = new URL(url, location.href).origin !== location.origin;
      const request = new XMLHttpRequest(); // fetch does not tell how much has been sent
      let timer;
      const patience = (ms) => {
        clearTimeout(timer);
        timer = setTimeout(() => { reject(this.broken(store)); request.abort(); }, ms);
      };
      const stop = () => request.abort();
      request.open("PUT", url);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      if (!store) {
        request.setRequestHeader("Accept", "application/json");
        request.setRequestHeader("Accept-Language", document.documentElement.lang);
      }
      request.upload.onprogress = (event) => { patience(STALLED); heard(event.loaded); };
      request.upload.onload = () => patience(UNANSWERED);
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve();
        else if (store) reject(this.storeRefusal(request.status, request.responseText));
        else reject(this.refusal(request.status, request.responseText));
      };
      request.onerror = request.ontimeout = () => reject(this.broken(store));
      request.onabort = () => reject(new Paused());
      request.onloadend = () => { clearTimeout(timer); signal.removeEventListener("abort", stop); };
      signal.addEventListener("abort", stop, { once: true });
      patience(STALLED);
      request.send(slice);
    });
  }

  broken(store = false) {
    return new Refusal("offline", this.words.offline, { again: true, store });
  }

  // What the site says is JSON with a sentence; what a proxy says in its place is a page.
  refusal(status, text) {
    let answer = {};
    try { answer = JSON.parse(text); } catch { /* a proxy's page */ }
    const again = ["cut_off", "address_expired", "wrong_length", "wrong_checksum"].includes(answer.error)
      || ((status >= 500 || status === 408) && status !== 507);
    const sentence = answer.text || (status === 413 ? this.words.proxy : this.words.offline);
    return new Refusal(answer.error || `http_${status}`, sentence, { again, missing: answer.missing });
  }

  // What a bucket says is XML with a code. Most that it refuses, an address for instance that has expired, is mended
  // by a new address.
  storeRefusal(status, text) {
    const code = text.match(/<Code>(\w+)<\/Code>/)?.[1] ?? `http_${status}`;
    if (code === "NoSuchUpload") return new Refusal("upload_over", this.words.over);
    const sentence = this.words.store.replace("{code}", code);
    if (status >= 500 || [408, 429].includes(status) || ["RequestTimeout", "SlowDown"].includes(code)) {
      return new Refusal(code, sentence, { again: true, store: true });
    }
    return new Refusal(code, sentence, { again: true, most: MOST_REFUSED, store: true });
  }
}
