import type { z } from "zod";
import { controlPaths } from "#core/contract/control-api.ts";
import {
  type QuarantineCommandAnswer,
  quarantineCommandRequestSchema,
  type quarantinePageSchema,
} from "#core/contract/quarantine.ts";
import type { FileQuarantine } from "../quarantine/file-quarantine.ts";
import type { QuarantineCommands } from "../quarantine/quarantine-commands.ts";
import { type ControlAnswer, errorAnswer, shapeWords } from "./control-answer.ts";
import type { ControlRoute } from "./control-routes.ts";
import { pageOf } from "./entry-page.ts";

const commandRequestBytesMax = 1024 * 1024;
/** Releases that are looked at anew at the same time. */
const commandsAtOnce = 8;

export type QuarantineContext = {
  quarantine: Pick<FileQuarantine, "ids" | "entry" | "content">;
  commands: Pick<QuarantineCommands, "command">;
};

export function quarantineRoutes({ quarantine, commands }: QuarantineContext): [string, ControlRoute][] {
  return [
    [controlPaths.quarantine, { method: "GET", bodyBytesMax: 0, answer: (_, query) => listEntries(quarantine, query) }],
    [
      controlPaths.quarantineContent,
      { method: "GET", bodyBytesMax: 0, answer: (_, query) => contentOf(quarantine, query) },
    ],
    [
      controlPaths.quarantineCommands,
      { method: "POST", bodyBytesMax: commandRequestBytesMax, answer: (body) => command(commands, body) },
    ],
  ];
}

function listEntries(quarantine: QuarantineContext["quarantine"], query: URLSearchParams): ControlAnswer {
  const page = pageOf(quarantine, query);
  if (typeof page === "string") return errorAnswer("bad-request", page);
  return { status: 200, body: page satisfies z.infer<typeof quarantinePageSchema> };
}

function contentOf(quarantine: QuarantineContext["quarantine"], query: URLSearchParams): ControlAnswer {
  const content = quarantine.content(query.get("id") ?? "");
  return content === null ? errorAnswer("not-found", "it is not in quarantine") : { status: 200, content };
}

async function command(commands: QuarantineContext["commands"], body: unknown): Promise<ControlAnswer> {
  const request = quarantineCommandRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  const ids = [...new Set(request.data.ids)];
  const results: QuarantineCommandAnswer["results"] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < ids.length; index = next++) {
      const id = ids[index] ?? "";
      results[index] = { id, ...(await commands.command(id, request.data)) };
    }
  };
  await Promise.all(Array.from({ length: commandsAtOnce }, work));
  return { status: 200, body: { results } satisfies QuarantineCommandAnswer };
}
