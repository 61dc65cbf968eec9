export type NoAnswer = { ok: false; error: { code: "NO_ANSWER"; message: string; fields?: never; current?: never } };

const noAnswer: NoAnswer = {
  ok: false,
  error: {
    code: "NO_ANSWER",
    message:
      "The console did not answer, so it is not known whether this was done. What you typed is kept: look, then try again. (NO_ANSWER)",
  },
};

/** A server action's answer; when the console is away or was replaced meanwhile, a refusal in its place, so that no form is torn down. */
export async function answered<Answer>(asked: Promise<Answer>): Promise<Answer | NoAnswer> {
  try {
    return await asked;
  } catch {
    return noAnswer;
  }
}
