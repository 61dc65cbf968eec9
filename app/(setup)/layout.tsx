import type { ReactNode } from "react";
import { GateFrame } from "#components/auth/gate-frame.tsx";

export default function SetupLayout({ children }: { children: ReactNode }) {
  return <GateFrame>{children}</GateFrame>;
}
