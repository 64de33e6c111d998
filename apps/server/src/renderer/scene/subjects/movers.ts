import { css, lit, mix, rgb } from "../color.ts";
import { randomFor } from "../random.ts";
import type { Actor, World } from "../World.ts";

/** A small sailing boat that rides the swell. */
export function boat(
  world: World,
  at: { readonly x: number; readonly y: number; readonly size: number; readonly depth: number },
): Actor {
  const { palette, unit } = world;
  const { x, y, size, depth } = at;
  const sail = lit(rgb("#f3e6d0"), mix(palette.ambient, rgb("#ffffff"), 0.3));
  const hull = mix(lit(rgb("#7a3b2e"), palette.ambient), palette.ink, 0.4);
  return {
    kind: "actor",
    depth,
    draw(ctx, seconds) {
      ctx.translate(x + seconds * unit * 0.006, y + Math.sin(seconds * 1.5) * size * 0.02);
      ctx.rotate(Math.sin(seconds * 1.1) * 0.028);
      ctx.fillStyle = css(palette.ink, 0.28);
      ctx.beginPath();
      ctx.ellipse(0, size * 0.1, size * 0.5, size * 0.045, 0, 0, Math.PI * 2);
      ctx.fill();
      const main = ctx.createLinearGradient(-size * 0.05, 0, size * 0.4, 0);
      main.addColorStop(0, css(mix(sail, palette.sun, 0.3)));
      main.addColorStop(1, css(mix(sail, palette.ink, 0.42)));
      ctx.fillStyle = main;
      ctx.beginPath();
      ctx.moveTo(size * 0.02, -size * 1.02);
      ctx.quadraticCurveTo(size * 0.36, -size * 0.5, size * 0.4, -size * 0.1);
      ctx.lineTo(size * 0.02, -size * 0.08);
      ctx.fill();
      ctx.fillStyle = css(mix(sail, palette.ink, 0.24));
      ctx.beginPath();
      ctx.moveTo(-size * 0.02, -size * 0.92);
      ctx.quadraticCurveTo(-size * 0.14, -size * 0.45, -size * 0.38, -size * 0.1);
      ctx.lineTo(-size * 0.02, -size * 0.09);
      ctx.fill();
      ctx.fillStyle = css(palette.ink);
      ctx.fillRect(-size * 0.01, -size * 1.05, size * 0.02, size * 1.06);
      ctx.fillStyle = css(hull);
      ctx.beginPath();
      ctx.moveTo(-size * 0.48, -size * 0.07);
      ctx.quadraticCurveTo(-size * 0.36, size * 0.11, -size * 0.2, size * 0.11);
      ctx.lineTo(size * 0.26, size * 0.11);
      ctx.quadraticCurveTo(size * 0.42, size * 0.08, size * 0.5, -size * 0.07);
      ctx.quadraticCurveTo(0, -size * 0.01, -size * 0.48, -size * 0.07);
      ctx.fill();
    },
  };
}

export function birds(world: World): Actor {
  const { palette, unit, width, horizon, sun } = world;
  const random = randomFor(world.brief.seed, "birds");
  const middle = { x: sun.x < width / 2 ? width * 0.64 : width * 0.36, y: horizon * 0.42 };
  const flock = Array.from({ length: random.whole(6, 10) }, () => ({
    x: middle.x + random.between(-0.24, 0.24) * unit,
    y: middle.y + random.between(-0.1, 0.1) * unit,
    size: unit * random.between(0.011, 0.024),
    phase: random.between(0, 6.28),
  }));
  const way = sun.x < width / 2 ? -1 : 1;
  return {
    kind: "actor",
    depth: 0.22,
    draw(ctx, seconds) {
      ctx.strokeStyle = css(mix(palette.ink, palette.haze, 0.16));
      ctx.lineCap = "round";
      for (const bird of flock) {
        const flap = Math.sin(bird.phase + seconds * 6.5) * 0.55 + 0.15;
        const x = bird.x + way * seconds * unit * 0.03;
        const y = bird.y + Math.sin(bird.phase + seconds) * unit * 0.006;
        ctx.lineWidth = bird.size * 0.17;
        ctx.beginPath();
        ctx.moveTo(x - bird.size, y - bird.size * flap * 0.6);
        ctx.quadraticCurveTo(x - bird.size * 0.4, y - bird.size * (0.35 + flap * 0.4), x, y);
        ctx.quadraticCurveTo(
          x + bird.size * 0.4,
          y - bird.size * (0.35 + flap * 0.4),
          x + bird.size,
          y - bird.size * flap * 0.6,
        );
        ctx.stroke();
      }
    },
  };
}

export function balloons(world: World): Actor {
  const { palette, unit, width, horizon, brief } = world;
  const random = randomFor(brief.seed, "balloons");
  const own = ["#d8523f", "#e9a33b", "#2f7d86", "#f0e2c8", "#7a5ba8"] as const;
  const fleet = Array.from({ length: 4 }, (_, index) => ({
    x: width * (0.16 + 0.7 * ((index * 0.38 + random.between(0, 0.2)) % 1)),
    y: horizon * (index === 0 ? 0.4 : random.between(0.2, 0.72)),
    size: unit * (index === 0 ? 0.12 : random.between(0.03, 0.065)),
    color: own[(index + random.whole(0, 4)) % own.length] ?? own[0],
    phase: random.between(0, 6.28),
  })).toSorted((a, b) => a.size - b.size);
  return {
    kind: "actor",
    depth: 0.3,
    draw(ctx, seconds) {
      for (const balloon of fleet) {
        const far = 1 - Math.min(1, balloon.size / (unit * 0.12));
        const { size } = balloon;
        const x = balloon.x + seconds * unit * 0.004;
        const y = balloon.y - seconds * unit * 0.005 + Math.sin(balloon.phase + seconds * 0.6) * unit * 0.004;
        const stripes = 7;
        const envelope = (from: number, to: number): void => {
          ctx.beginPath();
          ctx.moveTo(x, y - size);
          ctx.bezierCurveTo(
            x + size * 1.28 * from,
            y - size,
            x + size * 1.18 * from,
            y + size * 0.18,
            x + size * 0.16 * from,
            y + size * 0.92,
          );
          ctx.lineTo(x + size * 0.16 * to, y + size * 0.92);
          ctx.bezierCurveTo(x + size * 1.18 * to, y + size * 0.18, x + size * 1.28 * to, y - size, x, y - size);
          ctx.fill();
        };
        for (let stripe = 0; stripe < stripes; stripe += 1) {
          const from = Math.sin(((stripe / stripes) * 2 - 1) * 1.571);
          const to = Math.sin((((stripe + 1) / stripes) * 2 - 1) * 1.571);
          const body = lit(rgb(stripe % 2 ? "#f2e4ca" : balloon.color), mix(palette.ambient, rgb("#ffffff"), 0.2));
          const shade = Math.min(1, Math.max(0, 0.34 - (from + to) * 0.25 * (world.sun.x < x ? -1 : 1)));
          ctx.fillStyle = css(mix(mix(body, palette.ink, shade), palette.haze, far * 0.45));
          envelope(from, to);
        }
        ctx.strokeStyle = css(mix(palette.ink, palette.haze, far * 0.5), 0.8);
        ctx.lineWidth = Math.max(0.6, size * 0.014);
        ctx.beginPath();
        for (const rope of [-1, 1]) {
          ctx.moveTo(x + rope * size * 0.15, y + size * 0.92);
          ctx.lineTo(x + rope * size * 0.08, y + size * 1.16);
        }
        ctx.stroke();
        ctx.fillStyle = css(mix(mix(rgb("#6b4a2e"), palette.ink, 0.3), palette.haze, far * 0.45));
        ctx.fillRect(x - size * 0.1, y + size * 1.15, size * 0.2, size * 0.14);
      }
    },
  };
}

/** Sky lanterns or fireflies: warm points that rise and breathe. */
export function lanterns(world: World): Actor {
  const { palette, unit, width, height } = world;
  const random = randomFor(world.brief.seed, "lanterns");
  const lights = Array.from({ length: 46 }, () => ({
    x: random.between(0, 1) * width,
    y: random.between(0.08, 0.9) * height,
    size: unit * 0.0035 * (1 + 3.6 * random.next() ** 3),
    phase: random.between(0, 6.28),
  }));
  return {
    kind: "actor",
    depth: 0.55,
    draw(ctx, seconds) {
      ctx.globalCompositeOperation = "screen";
      for (const light of lights) {
        const x = light.x + Math.sin(light.phase + seconds * 0.5) * unit * 0.012;
        const y = light.y - seconds * unit * 0.008;
        const breath = 0.72 + 0.28 * Math.sin(light.phase + seconds * 2.1);
        const reach = light.size * 5.5;
        const glow = ctx.createRadialGradient(x, y, 0, x, y, reach);
        glow.addColorStop(0, css(mix(palette.accent, rgb("#fff3d0"), 0.6), breath));
        glow.addColorStop(0.2, css(mix(palette.accent, rgb("#fff3d0"), 0.35), 0.85 * breath));
        glow.addColorStop(0.28, css(palette.accent, 0.34 * breath));
        glow.addColorStop(1, css(palette.accent, 0));
        ctx.fillStyle = glow;
        ctx.fillRect(x - reach, y - reach, reach * 2, reach * 2);
      }
    },
  };
}

/** A train that crosses the picture, its windows lit. */
export function train(world: World, at: { readonly y: number; readonly tall: number; readonly depth: number }): Actor {
  const { palette, unit, width } = world;
  const { y, tall, depth } = at;
  const body = mix(lit(rgb("#b6503a"), palette.ambient), palette.haze, (1 - depth) * 0.35);
  const under = mix(palette.ink, palette.haze, (1 - depth) * 0.3);
  const pane = css(mix(palette.accent, rgb("#fff1cc"), 0.45));
  return {
    kind: "actor",
    depth,
    draw(ctx, seconds) {
      const front = width * 0.72 + seconds * unit * 0.07;
      const long = tall * 4.6;
      ctx.fillStyle = css(under);
      ctx.fillRect(-width, y, width * 3, tall * 0.09);
      for (let pier = -width; pier < width * 2; pier += tall * 3.2) ctx.fillRect(pier, y, tall * 0.3, tall * 2.2);
      for (let car = 0; car < 5; car += 1) {
        const x = front - (car + 1) * (long + tall * 0.12);
        ctx.fillStyle = css(mix(body, palette.ink, 0.12));
        ctx.beginPath();
        ctx.roundRect(
          x,
          y - tall,
          long,
          tall * 0.92,
          car === 0 ? [tall * 0.12, tall * 0.6, tall * 0.1, 0] : tall * 0.1,
        );
        ctx.fill();
        ctx.fillStyle = css(mix(rgb("#f0e4cc"), palette.ink, 0.3));
        ctx.fillRect(x + tall * 0.05, y - tall * 0.36, long - tall * 0.15, tall * 0.08);
        ctx.fillStyle = css(under);
        ctx.fillRect(x + tall * 0.1, y - tall * 0.1, long - tall * 0.2, tall * 0.1);
        ctx.fillStyle = pane;
        for (let window = 0; window < 7; window += 1)
          ctx.fillRect(x + tall * 0.28 + window * tall * 0.58, y - tall * 0.78, tall * 0.4, tall * 0.32);
      }
    },
  };
}

/** A car seen from the side or, on a street, from behind, with its lamps lit. */
export function car(
  world: World,
  at: { readonly x: number; readonly y: number; readonly size: number; readonly depth: number },
): Actor {
  const { palette, brief, unit } = world;
  const { x, y, size, depth } = at;
  const bodies = {
    red: "#c0392b",
    yellow: "#eab22e",
    blue: "#2f6fb0",
    green: "#3f8a5a",
    teal: "#2c8a8b",
    orange: "#df7a2e",
    pink: "#e58aa8",
  };
  const wished = Object.entries(bodies).find(([hue]) => brief.hues.some((said) => said === hue))?.[1];
  const own = wished ?? randomFor(brief.seed, "car").pick(["#c0392b", "#e1a93a", "#2c7a7b", "#e8e0d2"]);
  const paint = mix(lit(rgb(own), mix(palette.ambient, rgb("#ffffff"), wished ? 0.5 : 0.25)), palette.ink, 0.12);
  return {
    kind: "actor",
    depth,
    draw(ctx, seconds) {
      ctx.translate(x, y + Math.sin(seconds * 9) * size * 0.003 - seconds * unit * 0.002);
      ctx.fillStyle = css(palette.ink, 0.5);
      ctx.beginPath();
      ctx.ellipse(0, 0, size * 0.56, size * 0.06, 0, 0, Math.PI * 2);
      ctx.fill();
      ctx.fillStyle = css(palette.ink);
      ctx.fillRect(-size * 0.42, -size * 0.14, size * 0.15, size * 0.15);
      ctx.fillRect(size * 0.27, -size * 0.14, size * 0.15, size * 0.15);
      ctx.fillStyle = css(mix(paint, palette.ink, 0.22));
      ctx.beginPath();
      ctx.moveTo(-size * 0.36, -size * 0.42);
      ctx.quadraticCurveTo(-size * 0.27, -size * 0.7, -size * 0.2, -size * 0.7);
      ctx.lineTo(size * 0.2, -size * 0.7);
      ctx.quadraticCurveTo(size * 0.27, -size * 0.7, size * 0.36, -size * 0.42);
      ctx.fill();
      ctx.fillStyle = css(mix(palette.sky[2], palette.ink, 0.45));
      ctx.beginPath();
      ctx.moveTo(-size * 0.29, -size * 0.43);
      ctx.lineTo(-size * 0.19, -size * 0.65);
      ctx.lineTo(size * 0.19, -size * 0.65);
      ctx.lineTo(size * 0.29, -size * 0.43);
      ctx.fill();
      ctx.fillStyle = css(paint);
      ctx.beginPath();
      ctx.roundRect(-size * 0.48, -size * 0.44, size * 0.96, size * 0.34, size * 0.08);
      ctx.fill();
      ctx.fillStyle = css(mix(paint, palette.ink, 0.5));
      ctx.fillRect(-size * 0.46, -size * 0.18, size * 0.92, size * 0.07);
      for (const side of [-1, 1]) {
        ctx.save();
        ctx.shadowColor = "#ff4030";
        ctx.shadowBlur = size * 0.22;
        ctx.fillStyle = "#ff5a45";
        ctx.fillRect(side * size * 0.38 - size * 0.075, -size * 0.37, size * 0.15, size * 0.07);
        ctx.restore();
      }
      ctx.fillStyle = "rgba(240,236,220,.85)";
      ctx.fillRect(-size * 0.1, -size * 0.3, size * 0.2, size * 0.07);
    },
  };
}
