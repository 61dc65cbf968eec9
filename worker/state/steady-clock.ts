/** A clock for deadlines: it goes on as `now` does and never back. Where that one is set back, this one stays and goes on from there. */
export function steadyClock(now: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  let aheadMs = 0;
  return () => {
    const at = now() + aheadMs;
    if (at < last) aheadMs += last - at;
    last = Math.max(last, at);
    return last;
  };
}
