// The line to the server: sending, and telling apart what went wrong.

export const RETRY = [2000, 5000, 10000, 30000]; // ms after a failed send

export class LoggedOut extends Error {}

export class NotTheirs extends Error {} // another account has logged in meanwhile, in this browser

export class Refusal extends Error {
  constructor(status, answer) {
    super(answer.text ?? `HTTP ${status}`);
    this.status = status;
    this.answer = answer;
  }
}

const token = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("[name=csrfmiddlewaretoken]")?.value ??
  "";

export async function send(url, data, keepalive = false) {
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    keepalive,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(data),
  });
  if (response.type === "opaqueredirect") throw new LoggedOut();
  const answer = await response.json().catch(() => ({}));
  if (response.status === 403 && answer.error === "csrf") throw new LoggedOut();
  if (response.status >= 500) throw new TypeError(`HTTP ${response.status}`); // as good as no connection
  if (response.status === 404) throw new NotTheirs();
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}
