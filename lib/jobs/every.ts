/** The timers of this process by name; the bundles of the console share them. */
const holder = globalThis as typeof globalThis & { posternTimers?: Map<string, NodeJS.Timeout> };

/** Runs `look` each `ms` milliseconds as long as the console lives; a second call by the same name does nothing. What fails is told in the log as "`name` fails". */
export function every(ms: number, name: string, look: (now: Date) => Promise<unknown>): void {
  holder.posternTimers ??= new Map();
  if (holder.posternTimers.has(name)) return;
  const timer = setInterval(() => {
    look(new Date()).catch((error: unknown) => console.error(`${name} fails`, error));
  }, ms).unref();
  holder.posternTimers.set(name, timer);
}
