import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shareEventStream } from "#components/layout/shared-stream.ts";

/** The browser's EventSource, driven by the test. */
class FakeEventSource extends EventTarget {
  static readonly open = new Set<FakeEventSource>();
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    super();
    FakeEventSource.open.add(this);
  }

  close(): void {
    FakeEventSource.open.delete(this);
  }

  static only(): FakeEventSource {
    const [only, ...others] = FakeEventSource.open;
    if (only === undefined || others.length > 0) throw new Error(`${FakeEventSource.open.size} streams are open`);
    return only;
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });
type Window = { states: string[]; changes: (readonly string[] | null)[]; close: () => void };
const windows: Window[] = [];

function openWindow(): Window {
  const states: string[] = [];
  const changes: (readonly string[] | null)[] = [];
  const close = shareEventStream("/api/stream", {
    onState: (state) => states.push(state),
    onChanged: (topics) => changes.push(topics),
  });
  const opened = { states, changes, close };
  windows.push(opened);
  return opened;
}

async function opened(): Promise<FakeEventSource> {
  const source = await vi.waitFor(() => FakeEventSource.only());
  source.onopen?.();
  return source;
}

const live = (window: Window) => vi.waitFor(() => expect(window.states.at(-1)).toBe("live"));

beforeEach(() => {
  page.hidden = false;
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("document", page);
  vi.stubGlobal("fetch", () => Promise.resolve({ status: 401 }));
});

afterEach(async () => {
  for (const { close } of windows.splice(0)) close();
  await vi.waitFor(() => expect(FakeEventSource.open.size).toBe(0));
  vi.unstubAllGlobals();
});

describe("the windows of one browser", () => {
  test("have one stream together: each is live, looks at everything once and hears of every change", async () => {
    const [first, second] = [openWindow(), openWindow()];
    const source = await opened();
    await Promise.all([live(first), live(second)]);
    await vi.waitFor(() => expect([first.changes[0], second.changes[0]]).toEqual([null, null]));
    const late = openWindow();
    await live(late);
    source.dispatchEvent(new MessageEvent("changed", { data: '{"topics":["queue"]}' }));
    for (const window of [first, second, late])
      await vi.waitFor(() => expect(window.changes.at(-1)).toEqual(["queue"]));
    expect(late.changes).toEqual([null, ["queue"]]);
    FakeEventSource.only();
  });

  test("go on when the one that has the stream is closed: the next takes over and everything is looked at again", async () => {
    const first = openWindow();
    await opened();
    await live(first);
    const second = openWindow();
    await live(second);
    second.changes.length = 0;
    first.close();
    await vi.waitFor(() => expect(FakeEventSource.open.size).toBe(1));
    await opened();
    expect(second.changes).toContain(null);
  });

  test("that are hidden have none, and one again when they are looked at", async () => {
    const first = openWindow();
    await opened();
    await live(first);
    page.hidden = true;
    page.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(FakeEventSource.open.size).toBe(0));
    expect(first.states.at(-1)).toBe("paused");
    page.hidden = false;
    page.dispatchEvent(new Event("visibilitychange"));
    await opened();
    await live(first);
  });

  test("find out for themselves that they are signed out", async () => {
    const [first, second] = [openWindow(), openWindow()];
    for (const _ of [first, second]) (await vi.waitFor(() => FakeEventSource.only(), { timeout: 5_000 })).onerror?.();
    for (const window of [first, second])
      await vi.waitFor(() => expect(window.states.at(-1)).toBe("signed-out"), { timeout: 5_000 });
  });
});
