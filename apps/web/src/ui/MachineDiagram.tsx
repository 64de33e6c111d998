import { clsx } from "clsx";
import { useId } from "react";
import { curveOf, DIAGRAM, PLACES, START } from "./machineLayout.ts";
import { TONE_TEXT } from "./StateIcon.tsx";
import type { Edge, Status, Tone } from "@reelstate/lifecycle";
import type { Curve } from "./machineLayout.ts";
import type { Step } from "./pathTaken.ts";

export interface MachineDiagramProps {
  readonly edges: readonly Edge<Status>[];
  readonly steps: readonly Step[];
  /** Where the newest job stands, or the asset where there is none. */
  readonly current: Status;
  readonly statusWords: Readonly<Record<Status, string>>;
  /** The path in words, for those who do not see it. */
  describe(path: string): string;
  clock(at: number): string;
}

const TONES = {
  pending: "waiting",
  processing: "making",
  completed: "done",
  failed: "failed",
  cancelled: "cancelled",
} as const satisfies Record<Status, Tone>;

/** What is generated begins waiting; an upload is born completed, and only then is that way drawn. */
const BEGINNINGS = ["pending", "completed"] as const satisfies readonly Status[];

/** The machine itself, with the path one asset took through it: which way, in which order, and where it stands. */
export function MachineDiagram({ edges, steps, current, statusWords, describe, clock }: MachineDiagramProps) {
  const id = useId();
  const seen = new Set(steps.flatMap(({ from, to }) => [from, to]));
  const said = steps.map(({ to, transition }) => `${statusWords[to]} ${clock(transition.at)}`).join(" → ");
  return (
    <svg
      role="img"
      aria-label={describe(said)}
      viewBox={`0 0 ${DIAGRAM.width} ${DIAGRAM.height}`}
      className="w-full max-w-md"
    >
      <defs>
        {["idle", "taken"].map((kind) => (
          <marker
            key={kind}
            id={`${id}${kind}`}
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="6"
            markerHeight="6"
            orient="auto-start-reverse"
          >
            <path d="M0 0.5 7 4 0 7.5z" className={kind === "taken" ? "fill-ink" : "fill-edge"} />
          </marker>
        ))}
      </defs>
      {edges.map(([from, to]) => (
        <EdgeLine
          key={`${from}>${to}`}
          edge={`${from}>${to}`}
          curve={curveOf(from, to)}
          steps={stepsAlong(steps, from, to)}
          markers={id}
          clock={clock}
        />
      ))}
      {BEGINNINGS.filter((to) => to === "pending" || stepsAlong(steps, "start", to).length > 0).map((to) => (
        <EdgeLine
          key={to}
          edge={`start>${to}`}
          curve={curveOf("start", to)}
          steps={stepsAlong(steps, "start", to)}
          markers={id}
          clock={clock}
        />
      ))}
      <circle cx={START.x} cy={START.y} r={5} className={seen.has("start") ? "fill-ink" : "fill-edge"} />
      {(Object.keys(PLACES) as Status[]).map((status) => (
        <StateNode
          key={status}
          status={status}
          word={statusWords[status]}
          seen={seen.has(status)}
          here={status === current}
        />
      ))}
    </svg>
  );
}

function stepsAlong(steps: readonly Step[], from: Status | "start", to: Status): readonly Step[] {
  return steps.filter((step) => step.from === from && step.to === to);
}

interface EdgeLineProps {
  readonly edge: string;
  readonly curve: Curve;
  readonly steps: readonly Step[];
  readonly markers: string;
  clock(at: number): string;
}

function EdgeLine({ edge, curve, steps, markers, clock }: EdgeLineProps) {
  const taken = steps.length > 0;
  const orders = steps.slice(-3).map(({ order }) => order);
  const label = (steps.length > 3 ? "… " : "") + orders.join(" ");
  const width = 8 + label.length * 6.2;
  return (
    <g data-edge={edge} data-taken={taken ? steps.map(({ order }) => order).join(" ") : undefined}>
      <path
        d={curve.d}
        fill="none"
        strokeWidth={taken ? 1.75 : 1}
        markerEnd={`url(#${markers}${taken ? "taken" : "idle"})`}
        className={clsx(taken ? "stroke-ink" : "stroke-edge")}
      />
      {taken && (
        <g>
          <title>{steps.map(({ order, transition }) => `${order} · ${clock(transition.at)}`).join("\n")}</title>
          <rect
            x={curve.label.x - width / 2}
            y={curve.label.y - 8}
            width={width}
            height={16}
            rx={8}
            className="fill-ink"
          />
          <text
            x={curve.label.x}
            y={curve.label.y + 3.6}
            textAnchor="middle"
            className="tabular fill-room text-[10.5px] font-semibold"
          >
            {label}
          </text>
        </g>
      )}
    </g>
  );
}

function StateNode({
  status,
  word,
  seen,
  here,
}: {
  readonly status: Status;
  readonly word: string;
  readonly seen: boolean;
  readonly here: boolean;
}) {
  const { x, y } = PLACES[status];
  const { width, height } = DIAGRAM.node;
  const box = { x: x - width / 2, y: y - height / 2, width, height, rx: 8 };
  return (
    <g
      data-state={status}
      data-here={here ? "" : undefined}
      className={here || seen ? TONE_TEXT[TONES[status]] : "text-faint"}
    >
      {here && (
        <rect
          {...box}
          x={box.x - 4}
          y={box.y - 4}
          width={width + 8}
          height={height + 8}
          rx={11}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.5}
          className="pulses"
        />
      )}
      <rect
        {...box}
        className="fill-table"
        stroke={here || seen ? "currentColor" : "var(--edge)"}
        strokeWidth={here ? 2 : 1}
      />
      <text
        x={x}
        y={y + 4.4}
        textAnchor="middle"
        fill="currentColor"
        className={clsx("text-[12.5px]", here && "font-semibold")}
      >
        {word}
      </text>
    </g>
  );
}
