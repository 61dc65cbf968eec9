import { expect, it } from "vitest";
import { pastMessage } from "#lib/simulator/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { messageEvent } from "../../support/report-samples.ts";
import { enrol, reportedEvents } from "../../support/reported.ts";

useTestDatabase();
useConsoleSettings();

it("a message that was fetched is tried again as its client's, with what such a client usually says", async () => {
  await enrol();
  const client = { address: "192.0.2.9", port: 40_000 };
  const event = messageEvent({ protocol: "pop3", interface: "Trusted", client, user: "joe", subject: "the plan" });
  await reportedEvents([event]);
  expect(await pastMessage(event.id)).toMatchObject({
    subject: "the plan",
    input: {
      protocol: "pop3",
      interface: "Trusted",
      client: "192.0.2.9",
      user: "joe",
      commands: ["STAT", "UIDL", "RETR"],
    },
    kept: null,
  });
  expect(await pastMessage("nothing")).toBeNull();
});
