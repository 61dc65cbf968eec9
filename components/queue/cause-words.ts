import type { QueueCause } from "#core/contract/queue.ts";

/** Said of a destination, after its name: "inside refuses TLS". */
export const causeWords: Record<QueueCause, string> = {
  unreachable: "cannot be reached",
  timeout: "does not answer in time",
  dns: "cannot be looked up",
  tls: "refuses TLS",
  auth: "does not let us log in",
  protocol: "answers in a way that is not SMTP, or hangs up",
  busy: "asks to try later",
  greylisted: "greylists us",
  "mailbox-full": "has full mailboxes",
  rate: "takes no more from us for now",
  refused: "refuses for good",
  expired: "did not take it before its schedule ran out",
  returned: "was given up: returned by a person",
  "no-route": "has no route in the policy",
  disk: "waits: the worker could not read it from disk",
  suspended: "is suspended",
};

/** By MX a route has many destinations; otherwise it is its own. */
export function destinationName({ route, destination }: { route: string; destination: string }): string {
  if (destination === "" || destination === route) return route;
  return `${destination} (by ${route})`;
}
