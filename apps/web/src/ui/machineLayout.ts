import type { Status } from "@reelstate/lifecycle";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const DIAGRAM = { width: 384, height: 300, node: { width: 96, height: 34 } } as const;

/** Where the five states stand: time goes from left to right, the ends above one another. */
export const PLACES = {
  pending: { x: 64, y: 150 },
  processing: { x: 196, y: 150 },
  completed: { x: 322, y: 52 },
  failed: { x: 322, y: 150 },
  cancelled: { x: 322, y: 248 },
} as const satisfies Record<Status, Point>;

export const START: Point = { x: 64, y: 66 };

export interface Curve {
  readonly d: string;
  /** Where the order of a step is written. */
  readonly label: Point;
}

/** How each edge runs, drawn by hand; an edge that the machine has and this table lacks is a straight line. */
const CURVES: Readonly<Record<string, Curve>> = {
  "pending>processing": { d: "M112 145H146", label: { x: 128, y: 130 } },
  "processing>pending": { d: "M148 158H114", label: { x: 130, y: 173 } },
  "processing>completed": { d: "M214 133C226 88 244 60 272 54", label: { x: 240, y: 78 } },
  "processing>failed": { d: "M244 150H272", label: { x: 257, y: 135 } },
  "processing>cancelled": { d: "M214 167C226 212 244 240 272 246", label: { x: 232, y: 206 } },
  "pending>failed": { d: "M84 167C112 222 250 222 296 168", label: { x: 178, y: 208 } },
  "pending>cancelled": { d: "M72 167C84 250 200 266 272 256", label: { x: 146, y: 246 } },
  "failed>pending": { d: "M296 133C250 78 120 76 84 131", label: { x: 166, y: 92 } },
  "cancelled>pending": { d: "M288 265C220 300 60 300 52 169", label: { x: 96, y: 264 } },
  "start>completed": { d: "M71 63C140 42 210 40 272 49", label: { x: 172, y: 45 } },
  "start>pending": { d: "M64 73V131", label: { x: 46, y: 100 } },
};

export function curveOf(from: Status | "start", to: Status): Curve {
  return CURVES[`${from}>${to}`] ?? straight(from === "start" ? START : PLACES[from], PLACES[to]);
}

function straight(from: Point, to: Point): Curve {
  return { d: `M${from.x} ${from.y}L${to.x} ${to.y}`, label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } };
}
