import { connect } from "node:net";
import type { Pop3Route, Target } from "#core/contract/policy-document.ts";
import type { StatusLine } from "#core/pop3/status-line.ts";
import { Pop3Connection } from "./pop3-connection.ts";

/** A server that greeted with +OK. `banner`: the text of its greeting. */
export type Pop3Contact = { connection: Pop3Connection; banner: string };

/** An attempt under way. */
export interface Pop3Attempt {
  /** Forgets it: `done` is not called any more. */
  cancel(): void;
}

/**
 * Connects to the route's targets in the order of their priority until one greets with +OK within `connectTimeoutMs`. One that says
 * anything else is left alone: it never hears a name or a password. `done` is called once, never before this returns, with the contact
 * or with one sentence a target that says why not.
 */
export function connectPop3(
  route: Pop3Route,
  responseBytesMax: number,
  done: (reasons: string[], contact: Pop3Contact | null) => void,
): Pop3Attempt {
  const targets = route.targets.toSorted((a, b) => a.priority - b.priority);
  const reasons: string[] = [];
  let current: Pop3Attempt | null = null;
  const tryNext = (): void => {
    const target = targets.shift();
    if (target === undefined) return done(reasons, null);
    current = greetTarget(target, route, responseBytesMax, (reason, contact) => {
      if (contact !== null) return done(reasons, contact);
      reasons.push(`${target.host}:${target.port}: ${reason}`);
      tryNext();
    });
  };
  tryNext();
  return { cancel: () => current?.cancel() };
}

function greetTarget(
  { host, port }: Target,
  route: Pop3Route,
  responseBytesMax: number,
  done: (reason: string, contact: Pop3Contact | null) => void,
): Pop3Attempt {
  const socket = connect({ host, port, noDelay: true });
  let settled = false;
  const settle = (reason: string, contact: Pop3Contact | null): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    if (contact === null) connection.destroy();
    done(reason, contact);
  };
  const timer = setTimeout(
    () => settle(`no greeting within ${route.connectTimeoutMs} ms`, null),
    route.connectTimeoutMs,
  );
  const connection = new Pop3Connection(socket, {
    target: `${host}:${port}`,
    responseBytesMax,
    replyTimeoutMs: route.replyTimeoutMs,
  });
  connection.onLost = (reason) => settle(reason, null);
  let greeting: StatusLine = { ok: false, text: "" };
  connection.expectGreeting({
    status: (line) => {
      greeting = line;
    },
    decoded: () => undefined,
    wire: () => undefined,
    end: () =>
      greeting.ok ? settle("", { connection, banner: greeting.text }) : settle(`refused: -ERR ${greeting.text}`, null),
  });
  return {
    cancel: () => {
      settled = true;
      clearTimeout(timer);
      connection.destroy();
    },
  };
}
