import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { CauseGroups } from "#components/queue/cause-groups.tsx";
import { causeWords, destinationName } from "#components/queue/cause-words.ts";
import { DestinationTable } from "#components/queue/destination-table.tsx";
import { RouteStrip } from "#components/queue/route-strip.tsx";
import { queueCauseSchema } from "#core/contract/queue.ts";

test("mail that waits for one reason is told in a sentence that leads to it", () => {
  const oldestAt = new Date();
  const group = { route: "inside", destination: "inside", cause: "tls" as const, count: 143, held: 3, oldestAt };
  const html = renderToStaticMarkup(<CauseGroups address={null} groups={[group]} />);
  expect(html).toContain("refuses TLS");
  expect(html).toContain("143 messages");
  expect(html).toContain("(3 held)");
  expect(html).toContain('"/queue?route=inside&amp;destination=inside&amp;cause=tls"');
  const external = renderToStaticMarkup(<CauseGroups address="External" groups={[group]} />);
  expect(external).toContain('"/queue?route=inside&amp;destination=inside&amp;cause=tls&amp;interface=External"');
});

test("every cause has its words, and a destination by MX names its route", () => {
  expect(Object.keys(causeWords).toSorted()).toEqual(queueCauseSchema.options.toSorted());
  expect(destinationName({ route: "inside", destination: "inside" })).toBe("inside");
  expect(destinationName({ route: "world", destination: "example.org" })).toBe("example.org (by world)");
});

test("each cell of the ages leads to its messages; empty ones lead nowhere", () => {
  const ages = { "5m": 2, "15m": 0, "1h": 0, "4h": 0, "1d": 0, older: 1 };
  const row = { route: "world", destination: "example.org", count: 3, ages };
  const html = renderToStaticMarkup(
    <DestinationTable
      address={null}
      heat={[row]}
      destinations={4}
      states={{ suspended: [{ ...row, workers: ["w1"] }], paced: [{ route: "world", destination: "example.org" }] }}
    />,
  );
  expect(html.match(/<a /g)).toHaveLength(3);
  expect(html).toContain("/queue?route=world&amp;destination=example.org&amp;age=older");
  expect(html).toContain("Resume example.org (by world)");
  expect(html).toContain("And 3 destinations with less mail.");
});

test("a route that is down tells how much is spooled and why, with what would reorder the words as code points", () => {
  const since = new Date(Date.now() - 130_000).toISOString();
  const down = { state: "down" as const, since, queued: 7, lastError: "refused\u202e", byDomain: false };
  const one = { worker: "w1", route: "inside", ...down };
  const html = renderToStaticMarkup(
    <RouteStrip states={{ routes: [one], suspended: [], paced: [], draining: ["w2"], silent: [] }} />,
  );
  expect(html).toContain("spooling 7");
  expect(html).toMatch(/for .*2 min 1\d s/s);
  expect(html).toContain("U+202E");
  expect(html).toContain("Worker w2 is drained");
});

test("each route can be probed, except where mail goes by domain: there it is the domain that is asked", () => {
  const known = { worker: "w1", state: "relaying" as const, since: null, queued: 0, lastError: null };
  const routes = [
    { ...known, route: "inside", byDomain: false },
    { ...known, route: "world", byDomain: true },
  ];
  const html = renderToStaticMarkup(
    <RouteStrip states={{ routes, suspended: [], paced: [], draining: [], silent: [] }} />,
  );
  expect(html).toContain("Probe inside now");
  expect(html).not.toContain("Probe world");
});
