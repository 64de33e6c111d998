import type { Hue, Move, Place, Subject, TimeOfDay, Weather } from "./SceneBrief.ts";

/** English words match whole (with a plural s), Chinese ones anywhere. The first row that matches names the thing. */
type Words = readonly string[];
type Table<Name extends string> = readonly (readonly [Name, Words])[];

export const TIME_WORDS = [
  ["golden", ["golden hour", "sunset", "magic hour", "late afternoon", "sundown", "low sun", "黄金时刻", "夕阳", "日落", "落日", "斜阳", "晚霞", "傍晚"]],
  ["blue", ["blue hour", "蓝调", "蓝色时刻"]],
  ["dusk", ["dusk", "twilight", "evening", "nightfall", "黄昏", "薄暮", "暮色", "暮", "入夜"]],
  ["dawn", ["dawn", "sunrise", "daybreak", "early morning", "first light", "morning", "黎明", "日出", "清晨", "拂晓", "破晓", "朝阳", "早晨", "晨"]],
  ["night", ["night", "midnight", "moonlit", "moonlight", "starry", "stars", "milky way", "aurora", "nocturnal", "夜", "午夜", "月光", "星空", "繁星", "银河", "极光"]],
  ["day", ["day", "daylight", "noon", "midday", "afternoon", "sunny", "summer", "白天", "正午", "中午", "午后", "晴", "阳光", "夏"]],
] as const satisfies Table<TimeOfDay>;

export const PLACE_WORDS = [
  ["space", ["space", "planet", "galaxy", "nebula", "mars", "alien", "asteroid", "spaceship", "spacecraft", "astronaut", "太空", "宇宙", "星球", "行星", "星系", "星云", "火星", "飞船", "宇航员"]],
  ["room", ["room", "interior", "indoors", "bedroom", "kitchen", "cafe", "café", "library", "study", "studio apartment", "window seat", "房间", "室内", "卧室", "厨房", "书房", "咖啡馆", "图书馆", "窗边", "窗前"]],
  ["street", ["street", "alley", "alleyway", "lane", "neon", "market", "chinatown", "cyberpunk", "街", "巷", "胡同", "霓虹", "赛博朋克", "夜市"]],
  ["city", ["city", "skyline", "cityscape", "downtown", "skyscraper", "urban", "metropolis", "rooftop", "tokyo", "shanghai", "hong kong", "new york", "town", "城市", "都市", "天际线", "摩天", "高楼", "屋顶", "上海", "东京", "香港", "重庆", "城"]],
  ["sea", ["sea", "ocean", "coast", "coastal", "seaside", "shore", "beach", "cliff", "wave", "bay", "harbour", "harbor", "island", "lighthouse", "sail", "sailboat", "海", "海边", "海岸", "沙滩", "悬崖", "港", "岛", "浪", "灯塔"]],
  ["lake", ["lake", "pond", "reservoir", "lagoon", "fjord", "湖", "池塘", "水库", "西湖"]],
  ["river", ["river", "stream", "creek", "brook", "valley", "canyon", "gorge", "waterfall", "河", "江", "溪", "山谷", "峡谷", "瀑布"]],
  ["desert", ["desert", "dune", "sahara", "mesa", "oasis", "camel", "gobi", "沙漠", "沙丘", "戈壁", "大漠", "绿洲", "骆驼"]],
  ["snowfield", ["snowfield", "tundra", "arctic", "antarctic", "glacier", "iceberg", "polar", "ice field", "雪原", "雪地", "冰原", "冰川", "北极", "南极", "极地"]],
  ["forest", ["forest", "wood", "woods", "woodland", "jungle", "pine", "pines", "redwood", "grove", "bamboo", "森林", "树林", "丛林", "松林", "竹林", "林间", "林"]],
  ["mountains", ["mountain", "peak", "alps", "alpine", "himalaya", "summit", "ridge", "volcano", "highland", "山", "峰", "雪山", "群山", "高原", "火山", "岭"]],
  ["field", ["field", "meadow", "prairie", "grassland", "farm", "wheat", "hill", "countryside", "pasture", "savanna", "village", "garden", "lavender", "orchard", "steppe", "原野", "田野", "草地", "草原", "麦田", "农场", "乡村", "村", "田", "稻", "花园", "花海", "丘"]],
] as const satisfies Table<Place>;

export const WEATHER_WORDS = [
  ["storm", ["storm", "thunder", "thunderstorm", "lightning", "tempest", "hurricane", "暴风", "风暴", "雷", "闪电", "暴雨"]],
  ["rain", ["rain", "rainy", "raining", "drizzle", "downpour", "wet", "雨"]],
  ["snow", ["snow", "snowy", "snowing", "snowfall", "blizzard", "雪"]],
  ["fog", ["fog", "foggy", "mist", "misty", "haze", "hazy", "smoke", "雾", "霾", "烟雨", "朦胧"]],
  ["wind", ["wind", "windy", "breeze", "breezy", "gust", "微风", "大风", "狂风", "起风", "秋风", "春风", "风吹"]],
  ["cloudy", ["cloud", "cloudy", "overcast", "云", "阴天", "多云"]],
  ["clear", ["clear", "cloudless", "晴", "万里无云"]],
] as const satisfies Table<Weather>;

export const SUBJECT_WORDS = [
  ["lighthouse", ["lighthouse", "beacon", "灯塔"]],
  ["boat", ["boat", "ship", "sail", "sailboat", "sailing", "yacht", "fishing boat", "canoe", "kayak", "船", "舟", "帆"]],
  ["house", ["house", "cabin", "cottage", "hut", "home", "farmhouse", "barn", "village", "temple", "屋", "房子", "小屋", "木屋", "农舍", "村", "庙"]],
  ["person", ["person", "man", "woman", "girl", "boy", "child", "traveller", "traveler", "hiker", "wanderer", "figure", "people", "she", "he", "monk", "samurai", "detective", "astronaut", "人", "女孩", "男孩", "孩子", "少女", "少年", "老人", "旅人", "侠", "僧"]],
  ["train", ["train", "railway", "locomotive", "tram", "subway", "火车", "列车", "电车", "铁路", "高铁"]],
  ["car", ["car", "taxi", "truck", "van", "driving", "road trip", "汽车", "轿车", "出租车", "车"]],
  ["balloon", ["balloon", "hot air balloon", "气球"]],
  ["lantern", ["lantern", "sky lantern", "fireflies", "firefly", "灯笼", "孔明灯", "天灯", "萤火虫"]],
  ["birds", ["bird", "gull", "seagull", "crow", "goose", "geese", "crane", "flock", "swallow", "eagle", "heron", "鸟", "海鸥", "雁", "鹤", "鹰", "燕", "鸦", "鹭"]],
  ["moon", ["moon", "moonlight", "moonlit", "crescent", "月"]],
  ["sun", ["sun", "sunset", "sunrise", "sunlight", "太阳", "夕阳", "落日", "朝阳", "日出", "日落"]],
  ["blossom", ["cherry blossom", "blossom", "sakura", "petal", "樱", "桃花", "梅花", "花瓣"]],
  ["flowers", ["flower", "poppy", "poppies", "lavender", "sunflower", "tulip", "wildflower", "花", "薰衣草", "向日葵"]],
  ["tree", ["tree", "oak", "willow", "maple", "palm", "树", "柳", "枫", "榕"]],
] as const satisfies Table<Subject>;

export const MOVE_WORDS = [
  ["static", ["static", "locked", "locked-off", "tripod", "still shot", "fixed camera", "固定", "静止镜头", "定镜", "机位不动"]],
  ["orbit", ["orbit", "orbits", "orbiting", "arc shot", "circle around", "circling", "360", "环绕", "绕"]],
  ["dolly-out", ["dolly out", "pull out", "pull back", "pulls back", "pullback", "后拉", "拉远", "拉开", "拉镜", "镜头拉"]],
  ["dolly-in", ["dolly", "dolly in", "push in", "pushes in", "push-in", "pushing in", "tracking forward", "move forward", "fly through", "推近", "推进", "推镜", "前推", "镜头推", "缓缓推"]],
  ["zoom-out", ["zoom out", "zooms out", "zooming out", "缩小", "变焦拉"]],
  ["zoom-in", ["zoom", "zoom in", "zooms in", "zooming in", "放大", "变焦", "特写推"]],
  ["pan-left", ["pan left", "pans left", "panning left", "truck left", "左摇", "向左", "左移", "往左"]],
  ["pan-right", ["pan", "pan right", "pans", "panning", "truck", "tracking shot", "右摇", "向右", "右移", "往右", "摇镜", "横移", "平移", "横摇", "移镜", "摇"]],
  ["tilt-down", ["tilt down", "tilts down", "下摇", "俯", "下移", "下降"]],
  ["tilt-up", ["tilt", "tilt up", "tilts up", "crane up", "crane shot", "上摇", "仰", "上移", "升起镜头", "升镜"]],
] as const satisfies Table<Move>;

export const HUE_WORDS = [
  ["red", ["red", "crimson", "scarlet", "vermilion", "ruby", "红", "赤", "绯"]],
  ["orange", ["orange", "amber", "copper", "apricot", "橙", "橘", "琥珀"]],
  ["yellow", ["yellow", "gold", "golden", "lemon", "ochre", "黄色", "金色", "金黄"]],
  ["green", ["green", "emerald", "olive", "jade", "绿", "翠", "碧"]],
  ["teal", ["teal", "turquoise", "cyan", "aqua", "mint", "青", "湖绿", "蓝绿"]],
  ["blue", ["blue", "azure", "indigo", "cobalt", "navy", "蓝", "靛"]],
  ["purple", ["purple", "violet", "lilac", "magenta", "lavender", "紫"]],
  ["pink", ["pink", "rose", "coral", "peach", "sakura", "粉", "桃色", "樱"]],
  ["brown", ["sepia", "brown", "vintage", "rust", "棕", "褐", "复古", "怀旧"]],
  ["mono", ["black and white", "monochrome", "noir", "greyscale", "grayscale", "ink wash", "ink painting", "黑白", "水墨", "单色"]],
] as const satisfies Table<Hue>;

export const NEON_WORDS: Words = ["neon", "cyberpunk", "synthwave", "holographic", "霓虹", "赛博朋克"];
export const SNOW_WORDS: Words = ["snow", "snowy", "snowing", "snowfall", "winter", "blizzard", "frozen", "ice", "雪", "冬", "冰"];
export const AUTUMN_WORDS: Words = ["autumn", "fall colours", "fall colors", "fall foliage", "maple", "秋", "枫"];
