import { revalidatePath } from "next/cache";
import type { z } from "zod";
import type { Permission } from "#core/contract/permission.ts";
import type { Actor } from "./actor.ts";
import { type Asker, demandPermission } from "./auth/permissions.ts";
import { currentSession } from "./auth/session.ts";
import { type Transaction, transaction } from "./db.ts";
import { rememberEdit } from "./draft/edit-memory.ts";
import { type ErrorCode, withCode } from "./error-codes.ts";
import { type Current, type FieldErrors, PublicError } from "./errors.ts";
import { announce } from "./live/mutations.ts";
import type { Topic } from "./live/topics.ts";

/** `message` ends its first line with the code. `current`: what is there now, where an edit met a newer version. */
export type ActionError = { code: ErrorCode; message: string; fields?: FieldErrors; current?: Current };
/** `undo` names the edit of the draft that was done, for undoDraftEditAction; absent: it cannot be undone, or was none. */
export type ActionResult<T> = { ok: true; value: T; undo?: string } | { ok: false; error: ActionError };

type Definition<Schema extends z.ZodType, Value> = {
  input: Schema;
  /** Who does not have it is refused. */
  permission: Permission;
  /** The mutation, in one transaction with its audit row. A PublicError rolls back and is shown. */
  run(tx: Transaction, input: z.output<Schema>, actor: Actor, asker: Asker): Promise<Value>;
  /** What the change touches on open pages. */
  topics: readonly Topic[];
};

/**
 * Makes a server action: session → permission → parse → mutation in one transaction → announce → revalidate. The action never rejects: what
 * went wrong comes back as a value, and only a PublicError's message and zod's words leave the server.
 */
export function defineAction<Schema extends z.ZodType, Value>(
  definition: Definition<Schema, Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return (input) =>
    changing(definition, input, (parsed, actor, asker) =>
      transaction(async (tx) => {
        const value = await definition.run(tx, parsed, actor, asker);
        if (definition.topics.length > 0) await announce(tx, definition.topics);
        return { value };
      }),
    );
}

/** A server action that edits the draft: as defineAction for who may edit, and what it did can be undone for a while. */
export function defineDraftAction<Schema extends z.ZodType, Value>(
  definition: Pick<Definition<Schema, Value>, "input" | "run">,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return (input) =>
    changing({ input: definition.input, permission: "edit" }, input, (parsed, actor, asker) =>
      transaction(async (tx) => {
        const done = await rememberEdit(tx, actor, () => definition.run(tx, parsed, actor, asker));
        await announce(tx, ["draft"]);
        return done;
      }),
    );
}

type LongDefinition<Schema extends z.ZodType, Value> = {
  input: Schema;
  permission: Permission;
  /** Manages its own transactions, because it talks to a worker in between. */
  run(input: z.output<Schema>, actor: Actor, permissions: readonly Permission[]): Promise<Value>;
};

/** A server action whose work cannot be one transaction. Each of its transactions carries its own audit row. */
export function defineLongAction<Schema extends z.ZodType, Value>(
  definition: LongDefinition<Schema, Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return (input) =>
    changing(definition, input, async (parsed, actor, { permissions }) => ({
      value: await definition.run(parsed, actor, permissions),
    }));
}

/** A server action that is a question: no page shows anything else after it. What it looks into may be written down all the same. */
export function defineQuestion<Schema extends z.ZodType, Value>(definition: {
  input: Schema;
  /** null: everyone who is signed in may ask. */
  permission: Permission | null;
  run(input: z.output<Schema>, actor: Actor, permissions: readonly Permission[]): Promise<Value>;
}): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return (input) =>
    guarded(definition, input, async (parsed, actor, { permissions }) => ({
      value: await definition.run(parsed, actor, permissions),
    }));
}

type Guard<Schema extends z.ZodType> = { input: Schema; permission: Permission | null };
type Work<Schema extends z.ZodType, Value> = (
  parsed: z.output<Schema>,
  actor: Actor,
  asker: Asker,
) => Promise<{ value: Value; undo?: string }>;

async function changing<Schema extends z.ZodType, Value>(
  guard: Guard<Schema>,
  input: unknown,
  work: Work<Schema, Value>,
): Promise<ActionResult<Value>> {
  const result = await guarded(guard, input, work);
  if (result.ok) revalidatePath("/", "layout");
  return result;
}

async function guarded<Schema extends z.ZodType, Value>(
  { input: schema, permission }: Guard<Schema>,
  input: unknown,
  work: Work<Schema, Value>,
): Promise<ActionResult<Value>> {
  try {
    const session = await currentSession();
    if (session === null) {
      return refusal(
        "SIGNED_OUT",
        "You have been signed out. Sign in again in another tab; what you typed stays here.",
      );
    }
    if (permission !== null) demandPermission(session.permissions, permission);
    const parsed = schema.safeParse(input);
    if (!parsed.success) return invalid(parsed.error);
    return { ok: true, ...(await work(parsed.data, session.actor, session)) };
  } catch (error) {
    return failure(error);
  }
}

/** What the person is told about an error; what they must not see goes to the log. */
export function failure(error: unknown): { ok: false; error: ActionError } {
  if (error instanceof PublicError) {
    if (error.cause !== undefined) console.error(`${error.code}: ${error.publicMessage}`, error.cause);
    return refusal(error.code, error.publicMessage, error.fields, error.current);
  }
  console.error("an action failed", error);
  return refusal("INTERNAL", "This did not work because of a fault in the console. Try again; the log has the reason.");
}

function refusal(
  code: ErrorCode,
  message: string,
  fields?: FieldErrors,
  current?: Current,
): { ok: false; error: ActionError } {
  return {
    ok: false,
    error: { code, message: withCode(message, code), ...(fields && { fields }), ...(current && { current }) },
  };
}

/** What the person is told about input that does not parse: the first problem, and each at its field. */
export function invalid(error: z.ZodError): { ok: false; error: ActionError } {
  return refusal("INPUT_INVALID", `Nothing was done: ${issueWords(error)}`, fieldErrors(error));
}

function issueWords(error: z.ZodError): string {
  const [first, ...more] = error.issues;
  if (first === undefined) return "the input is not what is expected.";
  const words = first.path.length === 0 ? first.message : `${first.path.join(".")}: ${first.message}`;
  return more.length === 0 ? words : `${words} And ${more.length} more.`;
}

function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {};
  for (const issue of error.issues) {
    const path = issue.path.join(".");
    (fields[path] ??= []).push(issue.message);
  }
  return fields;
}
