import { controlPaths } from "#core/contract/control-api.ts";
import {
  type SimulationAnswer,
  type SimulationRequest,
  simulationRequestBytesMax,
  simulationRequestSchema,
} from "#core/contract/simulation.ts";
import type { SessionServices } from "../services.ts";
import { simulate, UncompilablePolicy } from "../simulate/simulate.ts";
import { type ControlAnswer, errorAnswer, shapeWords } from "./control-answer.ts";
import type { ControlRoute } from "./control-routes.ts";

/** Simulations at once: mail comes first. */
const atOnceMax = 1;
const waitingMax = 10;
const timeLimitMs = 30_000;

/** What would become of a message, without any effect. */
export function simulationRoutes({ services }: { services: SessionServices }): [string, ControlRoute][] {
  const turns = new Turns();
  return [
    [
      controlPaths.simulations,
      {
        method: "POST",
        bodyBytesMax: simulationRequestBytesMax,
        answer: (body) => turns.take(() => answerSimulation(services, body)),
      },
    ],
  ];
}

async function answerSimulation(services: SessionServices, body: unknown): Promise<ControlAnswer> {
  const request = simulationRequestSchema.safeParse(body);
  if (!request.success) return errorAnswer("bad-request", shapeWords(request.error));
  const late = AbortSignal.timeout(timeLimitMs);
  try {
    const answer = await simulate(request.data, services, late);
    return { status: 200, body: answer satisfies SimulationAnswer };
  } catch (error) {
    if (error instanceof UncompilablePolicy) return errorAnswer("invalid-policy", error.message, [...error.problems]);
    if (error === late.reason) return errorAnswer("too-large", lateWords(request.data));
    throw error;
  }
}

function lateWords({ trials, ask }: SimulationRequest): string {
  const remedies = [
    trials.length === 1 ? "a smaller message" : "fewer or smaller messages",
    ...(ask.dns || ask.scanners ? ["not asking the DNS and the scanners"] : []),
  ];
  return `it was cut after ${timeLimitMs / 1_000} s, and nothing of it goes on; ${remedies.join(", or ")} may do`;
}

/** One after the other; past `waitingMax` whoever comes is sent away. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async take(work: () => Promise<ControlAnswer>): Promise<ControlAnswer> {
    if (this.#waiting.length >= waitingMax)
      return errorAnswer("too-large", `${waitingMax} others wait for this worker already; try again in a minute`);
    if (this.#running >= atOnceMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
