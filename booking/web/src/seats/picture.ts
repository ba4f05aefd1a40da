/** Loads the drawing behind the seats; the returned function calls it off. Without it the map is as good as any other. */
export function loadPicture(url: string, onLoad: (picture: HTMLImageElement) => void): () => void {
  const picture = new Image();
  picture.decoding = "async";
  picture.onload = () => onLoad(picture);
  picture.src = url;
  return () => {
    picture.onload = null;
  };
}
