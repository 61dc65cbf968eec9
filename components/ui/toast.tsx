"use client";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  useTransition,
} from "react";
import { undoDraftEditAction } from "#lib/draft/actions.ts";
import { answered } from "./answered.ts";
import { Button } from "./button.tsx";
import { useDraftClosed } from "./managed-draft.tsx";

/** `undo`: the edit of the draft that it tells of, as the action named it. */
type Toast = { id: number; kind: "done" | "fault"; text: string; undo: string | undefined };
type ShowToast = (kind: Toast["kind"], text: string, undo?: string) => void;

const shownMs = 10_000;
const toastsMax = 4;
const ToastContext = createContext<ShowToast>(() => {});

/**
 * `const toast = useToast(); toast("done", "Rule saved to the draft.", result.undo)`: with an edit to undo it has a button for that. A fault
 * stays until it is closed.
 */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}

/** Holds the toasts and announces them politely. Stands once, in the console's layout. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const nextId = useRef(1);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback<ShowToast>((kind, text, undo) => {
    const id = nextId.current++;
    setToasts((all) => [...all.slice(1 - toastsMax), { id, kind, text, undo }]);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="fixed end-4 bottom-[calc(var(--bottom-bar)+4rem)] z-50 flex w-80 max-w-[90vw] flex-col gap-2"
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={close} />
        ))}
      </div>
    </ToastContext>
  );
}

/** Goes by itself, but not while the pointer or the focus is on it. */
function ToastCard({ toast, onClose }: { toast: Toast; onClose: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  const { id, kind } = toast;
  useEffect(() => {
    if (held || kind === "fault") return;
    const timer = setTimeout(() => onClose(id), shownMs);
    return () => clearTimeout(timer);
  }, [held, kind, id, onClose]);
  const Icon = kind === "done" ? CircleCheck : TriangleAlert;
  const hold = { onPointerEnter: () => setHeld(true), onFocus: () => setHeld(true) };
  const release = { onPointerLeave: () => setHeld(false), onBlur: () => setHeld(false) };
  return (
    <div {...hold} {...release} className="flex items-start gap-2 rounded-md border border-control bg-surface p-2 ps-3">
      <Icon aria-hidden size={16} className={kind === "done" ? "mt-1.5 text-allow" : "mt-1.5 text-deny"} />
      <p className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">{toast.text}</p>
      {toast.undo !== undefined && <UndoButton edit={toast.undo} onDone={() => onClose(id)} />}
      <Button
        variant="quiet"
        size="small"
        aria-label="Close this message"
        className="mt-0.5"
        onClick={() => onClose(id)}
      >
        <X aria-hidden size={14} />
      </Button>
    </div>
  );
}

type UndoButtonProps = {
  /** The edit of the draft, as the action named it. */
  edit: string;
  /** What it is, where the words beside do not say. */
  label?: string;
  onDone?: () => void;
};

/** Takes an edit of the draft back, and tells. */
export function UndoButton({ edit, label, onDone }: UndoButtonProps) {
  const toast = useToast();
  const closed = useDraftClosed();
  const [busy, startTransition] = useTransition();
  const undo = () =>
    startTransition(async () => {
      const result = await answered(undoDraftEditAction({ edit }));
      onDone?.();
      if (result.ok) toast("done", "Undone.");
      else toast("fault", result.error.message);
    });
  return (
    <Button
      size="small"
      disabled={busy || closed !== null}
      title={closed ?? undefined}
      aria-label={label}
      className="mt-0.5"
      onClick={undo}
    >
      Undo
    </Button>
  );
}
