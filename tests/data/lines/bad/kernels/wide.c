/* A comment may be as wide as it likes: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx */
static const char *hundred_columns_in_utf_8 = "äääääääääääääääääääääääääääääääääääääääääääääääääää";
static const char *hundred_and_one_columns_ = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const struct impl wide = {0};
