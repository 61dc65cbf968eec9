"use client";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";

type Toast = { id: number; kind: "done" | "fault"; text: string };
type ShowToast = (kind: Toast["kind"], text: string) => void;

const shownMs = 8_000;
const toastsMax = 4;
const ToastContext = createContext<ShowToast>(() => {});

/** `const toast = useToast(); toast("done", "Rule saved to the draft.")`. A fault stays until it is closed. */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}

/** Holds the toasts and announces them politely. Stands once, in the console's layout. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const nextId = useRef(1);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback<ShowToast>(
    (kind, text) => {
      const id = nextId.current++;
      setToasts((all) => [...all.slice(1 - toastsMax), { id, kind, text }]);
      if (kind === "fault") return;
      const timer = setTimeout(() => {
        timers.current.delete(timer);
        close(id);
      }, shownMs);
      timers.current.add(timer);
    },
    [close],
  );
  useEffect(() => {
    const running = timers.current;
    return () => running.forEach(clearTimeout);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="fixed end-4 bottom-16 z-50 flex w-80 max-w-[90vw] flex-col gap-2"
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const Icon = toast.kind === "done" ? CircleCheck : TriangleAlert;
  return (
    <div className="flex items-start gap-2 rounded-md border border-control bg-surface p-2 ps-3">
      <Icon aria-hidden size={16} className={toast.kind === "done" ? "mt-1.5 text-allow" : "mt-1.5 text-deny"} />
      <p className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">{toast.text}</p>
      <Button variant="quiet" size="small" aria-label="Close this message" onClick={onClose}>
        <X aria-hidden size={14} />
      </Button>
    </div>
  );
}
