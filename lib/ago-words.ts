const steps = [
  { ms: 86_400_000, unit: "d" },
  { ms: 3_600_000, unit: "h" },
  { ms: 60_000, unit: "min" },
  { ms: 1_000, unit: "s" },
];

/** How long ago something was, at the moment of an answer: `2 min ago`, `just now`. */
export function agoWords(at: Date, now: Date): string {
  const past = now.getTime() - at.getTime();
  const step = steps.find(({ ms }) => past >= ms);
  return step === undefined ? "just now" : `${Math.floor(past / step.ms)} ${step.unit} ago`;
}
