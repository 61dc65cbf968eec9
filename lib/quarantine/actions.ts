"use server";
import { defineAction, defineLongAction, defineQuestion } from "#lib/action.ts";
import { cancelJob } from "./job-mutations.ts";
import { lookAtHtml, lookAtText } from "./look.ts";
import { blockSender, commandQuarantine } from "./mutations.ts";
import { entryRefSchema, jobRefSchema, quarantineJobSchema, quarantineSelectionSchema } from "./quarantine-input.ts";
import { beginJob } from "./run-jobs.ts";

/** Release or delete; the value has a result for each entry, and the senders that went on a list. */
export const commandQuarantineAction = defineLongAction({
  input: quarantineSelectionSchema,
  permission: "handle-quarantine",
  run: commandQuarantine,
});

/** The same for everything that a search finds; the value is the job's id. */
export const startQuarantineJob = defineLongAction({
  input: quarantineJobSchema,
  permission: "handle-quarantine",
  run: beginJob,
});

export const cancelQuarantineJob = defineAction({
  input: jobRefSchema,
  permission: "handle-quarantine",
  run: (tx, input, actor) => cancelJob(tx, input, actor),
  topics: ["quarantine"],
});

export const blockSenderAction = defineAction({
  input: entryRefSchema,
  permission: "edit",
  run: (tx, input, actor) => blockSender(tx, input, actor),
  topics: [],
});

/** Each look at a body is in the audit log before it is shown. */
export const lookAtTextAction = defineQuestion({ input: entryRefSchema, permission: "read-mail", run: lookAtText });

export const lookAtHtmlAction = defineQuestion({ input: entryRefSchema, permission: "read-mail", run: lookAtHtml });
