import type { Finding } from "./finding.ts";
import { type FindingPlace, findingPlace } from "./finding-place.ts";
import { lintDocument } from "./lint-document.ts";
import type { LintInput } from "./lint-input.ts";
import { trafficWords } from "./traffic.ts";

/** Something in the draft that hurts, or does nothing, as pages show it. */
export type FindingView = Omit<Finding, "path" | "related"> & {
  /** Null: it is about no single object. */
  place: FindingPlace | null;
  /** What makes it so; null: no other place. */
  related: FindingPlace | null;
  /** What came through there of late; null: nothing was counted. */
  traffic: string | null;
};

/** What hurts in the draft, the worst first, with where it stands and what came through there. */
export function lintDraft({ document, ids, traffic, missing }: LintInput, now: number): FindingView[] {
  return lintDocument(document, now, { traffic, missing }).map((finding) => {
    const { path, related = [], ...told } = finding;
    return {
      ...told,
      place: findingPlace(document, path, ids),
      related: findingPlace(document, related, ids),
      traffic: trafficWords(finding, document, traffic),
    };
  });
}
