// <nm-photo-crop><form>…<input type="file"><canvas hidden><input type="range" name="zoom"> left, top</form></nm-photo-crop>
// Shows the square that the server will cut out. Three sliders say it, so it is done by keyboard as well as by pointer;
// without JavaScript they say it too, only the preview is missing.
class PhotoCrop extends HTMLElement {
  #picture: ImageBitmap | null = null;

  connectedCallback(): void {
    this.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "file") void this.#open(event.target);
    });
    this.addEventListener("input", () => this.#draw());
  }

  async #open(control: HTMLInputElement): Promise<void> {
    const canvas = this.querySelector("canvas");
    const file = control.files?.[0];
    this.#picture?.close();
    this.#picture = null;
    if (canvas) canvas.hidden = true;
    if (!file || !canvas) return;
    try {
      this.#picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return; // not a picture this browser can draw: the server says why when it is sent
    }
    canvas.hidden = false;
    this.#draw();
  }

  #draw(): void {
    const canvas = this.querySelector("canvas");
    const pen = canvas?.getContext("2d");
    const picture = this.#picture;
    if (!canvas || !pen || !picture) return;
    const side = (Math.min(picture.width, picture.height) * 100) / this.#value("zoom", 100);
    const x = ((picture.width - side) * this.#value("left", 50)) / 100;
    const y = ((picture.height - side) * this.#value("top", 50)) / 100;
    pen.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
  }

  #value(name: string, otherwise: number): number {
    const value = Number(this.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value);
    return Number.isFinite(value) && value >= 0 ? value : otherwise;
  }
}

customElements.define("nm-photo-crop", PhotoCrop);
