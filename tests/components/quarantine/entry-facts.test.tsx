import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { EntryFacts } from "#components/quarantine/entry-facts.tsx";
import { KeptRow } from "#components/quarantine/kept-row.tsx";
import { havingIt, listedWords, releaseEffect, releaseOfSeveral } from "#components/quarantine/kept-words.ts";
import { QuarantineJobs } from "#components/quarantine/quarantine-jobs.tsx";
import type { QuarantineRow } from "#lib/quarantine/queries.ts";
import { quarantineEntry } from "../../support/report-samples.ts";

const hostile = "<script>alert(1)</script>\u202e\u001b[31m=cmd|' /C calc'!A0";

function row(over: Partial<QuarantineRow> = {}): QuarantineRow {
  const { keptAt, expiresAt, ...entry } = quarantineEntry();
  return { ...entry, workerId: "local", keptAt: new Date(keptAt), expiresAt: new Date(expiresAt), ...over };
}

const everywhere = row({
  kind: "part",
  sender: hostile,
  recipients: [hostile],
  user: hostile,
  from: hostile,
  subject: hostile,
  fileName: hostile,
  contentType: hostile,
  clientAddress: hostile,
  malware: [hostile],
  ruleName: hostile,
  state: "released",
  releasedTo: [hostile],
});

test.each([
  ["the facts", <EntryFacts key="facts" entry={everywhere} />],
  [
    "a row",
    <table key="row">
      <tbody>
        <KeptRow row={everywhere} href="/quarantine" selected={false} onSelect={() => undefined} />
      </tbody>
    </table>,
  ],
])("in %s whatever strangers wrote is text, and what would hide or reorder it a code point", (_what, element) => {
  const html = renderToStaticMarkup(element);
  expect(html).toContain("&lt;script&gt;");
  expect(html).toContain("U+202E");
  expect(html).toContain("U+001B");
  expect(html).not.toMatch(/<script|[\u202e\u001b]/);
});

test.each<[Partial<QuarantineRow>, string]>([
  [{ state: "held" }, "held"],
  [{ state: "released", releasedTo: [] }, "released to everyone"],
  [{ state: "released", releasedTo: ["b@example.test"] }, "released to <bdi"],
  [{ state: "released", protocol: "pop3" }, "the next retrieval gets it as it is"],
])("the state of %j is told as %j", (over, words) => {
  expect(renderToStaticMarkup(<EntryFacts entry={row(over)} />)).toContain(words);
});

test("who has it already is told by the entry, and a release says what it does for its protocol", () => {
  const recipients = ["a@example.test", "b@example.test"];
  expect(havingIt(row({ recipients }))).toEqual([]);
  expect(havingIt(row({ recipients, state: "released" }))).toEqual(recipients);
  expect(havingIt(row({ recipients, state: "released", releasedTo: ["b@example.test"] }))).toEqual(["b@example.test"]);
  expect(releaseEffect(row({ protocol: "pop3" }))).toContain("the next retrieval");
  expect(releaseEffect(row())).toContain("Scanners look at it again");
  expect(releaseEffect(row({ malware: ["Eicar-Test"] }))).toContain("Scanners are not asked again");
});

test("a release of several says what becomes of malware, also of what is not shown", () => {
  expect(releaseOfSeveral([], false)).not.toContain("malware");
  expect(releaseOfSeveral([], true)).toContain("What malware was found in stays.");
  expect(releaseOfSeveral(["Eicar-Test"], true)).toMatch(/asked about none of them again;.*goes on all pages\.$/);
});

test("a job tells how far it is, what was refused and why, and can be ended while it runs", () => {
  const job = { id: "1", command: "release", actor: "Mara", total: 40, done: 9, failed: 1, reasons: [hostile] };
  const running = renderToStaticMarkup(<QuarantineJobs jobs={[{ ...job, finishedAt: null }]} />);
  expect(running).toContain("Releasing 10 of 40");
  expect(running).toContain("1 refused or not confirmed");
  expect(running).toContain("End the job");
  expect(running).not.toContain("<script");
  const ended = renderToStaticMarkup(<QuarantineJobs jobs={[{ ...job, finishedAt: new Date() }]} />);
  expect(ended).toContain("Released 9 of 40");
  expect(ended).toContain("ended before it was done");
  expect(ended).not.toContain("End the job");
});

test("what became of a sender on a list says what is still to be done", () => {
  const listed = { address: "a@example.org", list: "blocked senders" };
  expect(listedWords({ ...listed, added: true, used: true })).toBe(
    "a@example.org is on the draft's list “blocked senders” now; publish the draft to put it in force.",
  );
  expect(listedWords({ ...listed, added: true, used: false })).toContain("no rule asks for this list yet");
  expect(listedWords({ ...listed, added: false, used: true })).toBe(
    "a@example.org is on the list “blocked senders” already.",
  );
});
