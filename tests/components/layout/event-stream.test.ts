import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openEventStream, type StreamState } from "#components/layout/event-stream.ts";

/** The browser's EventSource, driven by the test. */
class FakeEventSource extends EventTarget {
  static readonly made: FakeEventSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;

  constructor() {
    super();
    FakeEventSource.made.push(this);
  }

  close(): void {
    this.closed = true;
  }

  static last(): FakeEventSource {
    const last = FakeEventSource.made.at(-1);
    if (last === undefined) throw new Error("no stream was opened");
    return last;
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });
const states: StreamState[] = [];
const changes: (readonly string[] | null)[] = [];
let answer: () => Promise<{ status: number }>;
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.made.length = 0;
  states.length = 0;
  changes.length = 0;
  page.hidden = false;
  answer = () => Promise.reject(new TypeError("refused"));
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("document", page);
  vi.stubGlobal("fetch", () => answer());
  end = openEventStream("/api/stream", {
    onState: (state) => states.push(state),
    onChanged: (topics) => changes.push(topics),
  });
});

afterEach(() => {
  end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function look(hidden: boolean): void {
  page.hidden = hidden;
  page.dispatchEvent(new Event("visibilitychange"));
}

describe("the page's event stream", () => {
  test("is live once it is open, and looks again at what changed before that", () => {
    FakeEventSource.last().onopen?.();
    expect(states).toEqual(["live"]);
    expect(changes).toEqual([null]);
  });

  test("tells the topics of a change; what cannot be read means everything", () => {
    FakeEventSource.last().dispatchEvent(new MessageEvent("changed", { data: '{"topics":["queue"]}' }));
    FakeEventSource.last().dispatchEvent(new MessageEvent("changed", { data: "nonsense" }));
    expect(changes).toEqual([["queue"], null]);
  });

  test("is opened again with growing pauses, and says offline after the fourth failure", async () => {
    for (let failure = 1; failure <= 4; failure++) {
      FakeEventSource.last().onerror?.();
      await vi.advanceTimersByTimeAsync(1_250 * 2 ** (failure - 1));
    }
    expect(states).toEqual(["reconnecting", "reconnecting", "reconnecting", "offline"]);
    expect(FakeEventSource.made).toHaveLength(5);
    FakeEventSource.last().onopen?.();
    expect(states.at(-1)).toBe("live");
    expect(changes).toEqual([null]);
  });

  test("does not knock at once", async () => {
    FakeEventSource.last().onerror?.();
    await vi.advanceTimersByTimeAsync(700);
    expect(FakeEventSource.made).toHaveLength(1);
  });

  test("says signed out when the session has ended, and rests", async () => {
    answer = () => Promise.resolve({ status: 401 });
    FakeEventSource.last().onerror?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe("signed-out");
    expect(FakeEventSource.made).toHaveLength(1);
  });

  test("is closed while the tab is hidden; on return it is opened and everything is looked at again", () => {
    FakeEventSource.last().onopen?.();
    look(true);
    expect(states.at(-1)).toBe("paused");
    expect(FakeEventSource.last().closed).toBe(true);
    look(false);
    FakeEventSource.last().onopen?.();
    expect(FakeEventSource.made).toHaveLength(2);
    expect(changes).toEqual([null, null]);
  });

  test("stays closed when it was ended during a pause", async () => {
    FakeEventSource.last().onerror?.();
    end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeEventSource.made).toHaveLength(1);
  });
});
