"use strict";
// A picture to decide on: it fits the room, is zoomed, moved and brightened by keys, and carries
// what the model found and what its answer hung on.
(() => {
  const review = (window.davyReview = window.davyReview || {});
  const ZOOM_MOST = 16;
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  // Parts that count for the answer in amber, parts that count against it in blue; smooth between
  // the middles of the cells.
  const heatMap = (grid) => {
    const small = document.createElement("canvas");
    small.width = grid.columns;
    small.height = grid.rows;
    const cells = small.getContext("2d");
    const pixels = cells.createImageData(grid.columns, grid.rows);
    const most = Math.max(0.05, ...grid.values.map(Math.abs));
    grid.values.forEach((value, i) => {
      pixels.data.set(value >= 0 ? [255, 150, 0] : [30, 110, 230], 4 * i);
      pixels.data[4 * i + 3] = Math.round(190 * Math.abs(value) / most);
    });
    cells.putImageData(pixels, 0, 0);
    return small;
  };

  review.picture = (column, href) => {
    const room = document.createElement("div");
    room.className = "room picture";
    const lens = document.createElement("div");
    lens.className = "lens";
    const over = document.createElement("canvas");
    over.setAttribute("aria-hidden", "true");
    const image = new Image();
    image.alt = column;
    image.draggable = false;
    image.src = href;
    lens.append(image, over);
    room.append(lens);

    let zoom = 1, x = 0, y = 0, light = 1, grid = null, boxes = [], drawn = null;
    const place = () => {
      const wide = lens.clientWidth * (zoom - 1) / 2, high = lens.clientHeight * (zoom - 1) / 2;
      x = Math.max(-wide, Math.min(wide, x));
      y = Math.max(-high, Math.min(high, y));
      lens.style.transform = "translate(" + x + "px," + y + "px) scale(" + zoom + ")";
      image.style.filter = light === 1 ? "" : "brightness(" + light + ")";
    };
    const zoomed = (by) => { zoom = Math.max(1, Math.min(ZOOM_MOST, zoom * by)); place(); };
    const lit = (by) => { light = Math.max(0.1, Math.min(8, light * by)); place(); };
    const moved = (dx, dy) => {
      if (zoom === 1) return false;
      x += dx * room.clientWidth / 6;
      y += dy * room.clientHeight / 6;
      place();
      return true;
    };

    const draw = () => {
      const width = lens.clientWidth, height = lens.clientHeight;
      const dense = window.devicePixelRatio || 1;
      over.width = Math.round(width * dense);
      over.height = Math.round(height * dense);
      const paper = over.getContext("2d");
      if (grid) {
        paper.imageSmoothingQuality = "high";
        paper.drawImage(heatMap(grid), 0, 0, over.width, over.height);
      }
      const scale = over.width / (image.naturalWidth || 1);
      paper.lineWidth = 2 * dense;
      paper.font = 13 * dense + "px system-ui, sans-serif";
      for (const each of drawn ? boxes.concat(drawn) : boxes) {
        const [left, top, w, h] = each.box.map((side) => side * scale);
        paper.strokeStyle = ink(each.mine ? "blue" : "flame");
        paper.strokeRect(left, top, w, h);
        if (!each.class) continue;
        const text = each.class;
        paper.fillStyle = ink("card");
        paper.fillRect(left, top, paper.measureText(text).width + 8 * dense, 18 * dense);
        paper.fillStyle = ink("ink");
        paper.fillText(text, left + 4 * dense, top + 13 * dense);
      }
    };

    const fit = () => {
      if (!image.naturalWidth || !room.clientWidth) return;
      const scale = Math.min(room.clientWidth / image.naturalWidth, room.clientHeight / image.naturalHeight);
      lens.style.width = Math.floor(image.naturalWidth * scale) + "px";
      lens.style.height = Math.floor(image.naturalHeight * scale) + "px";
      image.classList.toggle("coarse", scale > 3);
      place();
      draw();
    };
    new ResizeObserver(fit).observe(room);

    const at = (event) => {
      const seen = lens.getBoundingClientRect();
      const scale = image.naturalWidth / seen.width;
      return [(event.clientX - seen.left) * scale, (event.clientY - seen.top) * scale];
    };
    let held = null;
    room.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      held = { id: event.pointerId, px: event.clientX, py: event.clientY, from: at(event) };
      room.setPointerCapture(event.pointerId);
    });
    room.addEventListener("pointermove", (event) => {
      if (!held || held.id !== event.pointerId) return;
      if (view.drawing && !event.shiftKey) {
        const [ax, ay] = held.from, [bx, by] = at(event);
        const inside = (side, most) => Math.max(0, Math.min(most, side));
        const left = inside(Math.min(ax, bx), image.naturalWidth), top = inside(Math.min(ay, by), image.naturalHeight);
        drawn = { class: view.drawing(), mine: true, box: [left, top,
          inside(Math.max(ax, bx), image.naturalWidth) - left, inside(Math.max(ay, by), image.naturalHeight) - top] };
        draw();
        return;
      }
      x += event.clientX - held.px;
      y += event.clientY - held.py;
      held.px = event.clientX;
      held.py = event.clientY;
      place();
    });
    room.addEventListener("pointerup", () => {
      held = null;
      if (drawn && drawn.box[2] >= 2 && drawn.box[3] >= 2) view.onDrawn(drawn);
      drawn = null;
      draw();
    });
    room.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.altKey && zoom === 1 && event.deltaY > 0) return;
      event.preventDefault();
      zoomed(event.deltaY < 0 ? 1.2 : 1 / 1.2);
    }, { passive: false });

    const view = {
      node: room,
      image,
      ready: image.decode(),
      // A function that names the class of a box that is drawn; null: the picture is moved.
      drawing: null,
      onDrawn: () => {},
      shown: fit,
      gone: () => {},
      redraw: draw,
      boxes: (some) => { boxes = some; draw(); },
      explain: (explanation) => { grid = explanation && explanation.grid || null; draw(); },
      keys: {
        "+": () => zoomed(1.5), "=": () => zoomed(1.5), "-": () => zoomed(1 / 1.5),
        "]": () => lit(1.25), "[": () => lit(1 / 1.25),
        ArrowLeft: () => moved(1, 0), ArrowRight: () => moved(-1, 0),
        ArrowUp: () => moved(0, 1), ArrowDown: () => moved(0, -1),
        r: () => { zoom = 1; light = 1; x = y = 0; place(); },
      },
      tools: [["-", "smaller"], ["+", "larger"], ["[", "darker"], ["]", "brighter"], ["r", "as it came"]],
    };
    return view;
  };
})();
