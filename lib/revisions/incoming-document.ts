import { type PolicyDocument, policyDocumentSchema } from "#core/contract/policy-document.ts";
import { checkDocument } from "#core/policy/check-document.ts";
import { type DocumentPart, parsePart, takeParts } from "#core/policy/document-part.ts";
import { readPolicyDocument, readPolicyPart } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { PublicError } from "#lib/errors.ts";
import { policyInvalid } from "./problem-text.ts";

const notPolicy = "Nothing was changed: the document is not a policy that can be enforced. Mend what follows.";

/** The parts that these texts name. Fails with INPUT_INVALID for one that names none. */
export function readParts(only: readonly string[]): DocumentPart[] {
  return only.map((text) => {
    const part = parsePart(text);
    if (part !== null) return part;
    throw new PublicError(
      "INPUT_INVALID",
      `Nothing was read: “${text}” is no part of a document. Write lists, lists:partners, rules:Mail in or rules:Mail in/sender, for example.`,
    );
  });
}

/** These parts of a document, alone. */
export function documentParts(document: PolicyDocument, parts: readonly DocumentPart[]): PolicyDocument {
  return takeParts(policyDocumentSchema.parse({ version: 1 }), document, parts);
}

/**
 * What `into` becomes by a YAML document: that, or with `parts` itself with these parts of it. Fails with POLICY_INVALID and every problem, with its
 * line and column where the text has it.
 */
export function incomingDocument(yaml: string, parts: readonly DocumentPart[], into: PolicyDocument): PolicyDocument {
  const read = parts.length === 0 ? readPolicyDocument(yaml) : readPolicyPart(yaml);
  if (!read.ok) throw policyInvalid(notPolicy, read.problems);
  const document = parts.length === 0 ? read.document : takeParts(into, read.document, parts);
  const problems = parts.length === 0 ? [] : checkDocument(document);
  if (problems.length > 0) throw policyInvalid(notPolicy, problems, document);
  if (!isStorable(document))
    throw new PublicError(
      "POLICY_INVALID",
      "The document has NUL or half a surrogate pair in it, which cannot be kept. Take them out.",
    );
  return document;
}

/** Postgres keeps neither NUL nor half a surrogate pair. */
function isStorable(document: PolicyDocument): boolean {
  const yaml = writePolicyDocument(document);
  return yaml.isWellFormed() && !JSON.stringify(document).includes("\\u0000");
}
