const pollMs = 20;

/** Waits until `check` gives something other than undefined, null or false; throws with `what` after `withinMs`. */
export async function waitUntil<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<Exclude<Awaited<T>, undefined | null | false>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== null && value !== false) {
      return value as Exclude<Awaited<T>, undefined | null | false>;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
