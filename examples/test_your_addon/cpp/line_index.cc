// Where the lines of a text begin, so that any of them is found at once.
//
//   new LineIndex(text)
//   .length                     how many lines there are
//   .line(n)                    the line, from 0; RangeError beyond the last one
//   .find(predicate)            the first line it likes, undefined without one

#include <napi.h>

#include <string>
#include <vector>

class LineIndex : public Napi::ObjectWrap<LineIndex> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "LineIndex",
                       {InstanceAccessor<&LineIndex::Length>("length"),
                        InstanceMethod<&LineIndex::Line>("line"),
                        InstanceMethod<&LineIndex::Find>("find")});
  }

  explicit LineIndex(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<LineIndex>(info) {
    if (!info[0].IsString()) {
      throw Napi::TypeError::New(info.Env(), "text has to be a string");
    }
    text_ = info[0].As<Napi::String>().Utf8Value();
    starts_.push_back(0);
    for (size_t at = 0; at < text_.size(); ++at) {
      if (text_[at] == '\n') starts_.push_back(at + 1);
    }
  }

 private:
  std::string At(size_t number) const {
    size_t start = starts_[number];
    bool is_last = number + 1 == starts_.size();
    size_t end = is_last ? text_.size() : starts_[number + 1] - 1;
    return text_.substr(start, end - start);
  }

  Napi::Value Length(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(starts_.size()));
  }

  Napi::Value Line(const Napi::CallbackInfo& info) {
    if (!info[0].IsNumber()) {
      throw Napi::TypeError::New(info.Env(), "n has to be a number");
    }
    double number = info[0].As<Napi::Number>().DoubleValue();
    // Written so that NaN is refused, too.
    if (!(number >= 0 && number < static_cast<double>(starts_.size()))) {
      throw Napi::RangeError::New(info.Env(), "there is no such line");
    }
    return Napi::String::New(info.Env(), At(static_cast<size_t>(number)));
  }

  Napi::Value Find(const Napi::CallbackInfo& info) {
    Napi::Env env = info.Env();
    if (!info[0].IsFunction()) {
      throw Napi::TypeError::New(env, "predicate has to be a function");
    }
    Napi::Function predicate = info[0].As<Napi::Function>();
    for (size_t number = 0; number < starts_.size(); ++number) {
      // Without a scope a long text would keep a handle for every line.
      Napi::HandleScope scope(env);
      Napi::String line = Napi::String::New(env, At(number));
      if (predicate.Call({line}).ToBoolean()) {
        return Napi::String::New(env, At(number));
      }
    }
    return env.Undefined();
  }

  std::string text_;
  std::vector<size_t> starts_;
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("LineIndex", LineIndex::Define(env));
  return exports;
}

NODE_API_MODULE(NODE_GYP_MODULE_NAME, Init)
