"use client";
import { Pause, Play, Radar } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useMay } from "#components/ui/signed-in.tsx";
import { destinationName } from "./cause-words.ts";
import { useDestinationCommand } from "./use-destination-command.ts";

type Destination = { route: string; destination: string };

/** Suspend or resume, and probe. */
export function DestinationButtons({ of, suspended }: { of: Destination; suspended: boolean }) {
  const { busy, run } = useDestinationCommand();
  const may = useMay("operate");
  const name = destinationName(of);
  const command = suspended ? "resume" : "suspend";
  const Icon = suspended ? Play : Pause;
  return (
    <span className="flex flex-wrap justify-end gap-1">
      <ProbeButton of={of} />
      <Button
        size="small"
        disabled={busy || !may}
        aria-label={`${suspended ? "Resume" : "Suspend"} ${name}`}
        title={suspended ? "Attempts go on" : "No attempts until it is resumed"}
        onClick={() => run(command, of)}
      >
        <Icon aria-hidden size={14} />
        {suspended ? "Resume" : "Suspend"}
      </Button>
    </span>
  );
}

/** Asks the destination's server now; the answer comes as a toast. */
export function ProbeButton({ of }: { of: Destination }) {
  const { busy, run } = useDestinationCommand();
  const may = useMay("operate");
  return (
    <Button
      size="small"
      disabled={busy || !may}
      aria-label={`Probe ${destinationName(of)} now`}
      title="Ask its server now whether it serves"
      onClick={() => run("probe", of)}
    >
      <Radar aria-hidden size={14} />
      Probe now
    </Button>
  );
}
